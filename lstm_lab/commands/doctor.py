"""Say whether this machine has what the course needs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

HELP = "say whether this machine has what the course needs"


def configure(parser: ArgumentParser) -> None:
    """Take no arguments."""


def run(args: Namespace) -> int:
    from lstm_lab.course.doctor import doctor

    report = doctor()
    print(report)
    return 0 if report.good else 1
