"""List the data sets that ship with the course, with licence and origin."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lstm_lab.i18n import gettext as _

HELP = "list the data sets that ship with the course, with licence and origin"


def configure(parser: ArgumentParser) -> None:
    """Take no arguments."""


def run(args: Namespace) -> int:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Column, Table

    from lstm_lab.data import DATA_SETS, LIMIT

    # Chinese has no blanks to break at: fold, or a narrow window would cut origin and licence
    heads = (_("name"), _("what it is"), _("licence"), _("source"), _("size"))
    table = Table(*(Column(head, overflow="fold") for head in heads), show_lines=True)
    for made in DATA_SETS.values():
        cells = (made.name, made.title, made.licence, made.source, f"{made.size / 1000:.0f} kB")
        table.add_row(*map(escape, cells))
    total = sum(made.size for made in DATA_SETS.values())
    console = Console()
    console.print(table)
    console.print(
        _("{total} kB of at most {limit} kB; read with lstm_lab.data.load(name)").format(
            total=f"{total / 1000:.0f}", limit=LIMIT // 1000
        )
    )
    return 0
