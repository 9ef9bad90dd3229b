"""lstm-lab bench: measure speed against torch, as tables and JSON."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.paths import course_root

HELP = "measure speed against torch: tables, and JSON"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help=_("which; all of them otherwise"))
    parser.add_argument("--json", type=Path, metavar="FILE", help=_("write the results here too"))


def run(args: argparse.Namespace) -> int:
    script = course_root() / "benchmarks" / "run.py"
    if not script.is_file():
        raise UserError(_("No benchmarks at {path}").format(path=script))
    known = known_names(script)
    for name in args.names:
        if name not in known:
            raise UserError(
                _("unknown benchmark {name}; there are: {known}").format(
                    name=repr(name), known=", ".join(known)
                )
            )
    # A process of its own: the number of threads is decided before NumPy is imported.
    words = [sys.executable, str(script), *args.names]
    if args.json:
        words += ["--json", str(args.json.resolve())]
    return subprocess.run(words, cwd=script.parent.parent).returncode


def known_names(script: Path) -> list[str]:
    """Return the benchmarks that the script knows, without importing torch for it."""
    asked = subprocess.run(
        [sys.executable, str(script), "--list"], capture_output=True, text=True, check=True
    )
    return asked.stdout.split()
