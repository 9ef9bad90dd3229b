"""Write the shipped files from the packages that they came in; an author's step, never a reader's.

``python -m lstm_lab.data.make STATSMODELS``, with the unpacked wheel of statsmodels 0.15 as its
argument (only its files are read); the colours come from the matplotlib that is installed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from matplotlib._color_data import XKCD_COLORS

from lstm_lab.data.registry import FILES

__all__ = ["main"]


def main(statsmodels: Path) -> None:
    """Write all three."""
    sets = statsmodels / "statsmodels" / "datasets"
    rows = (line.split(",") for line in (sets / "co2" / "co2.csv").read_text().split()[1:])
    _write("co2.csv", "week,ppm", (f"{d[:4]}-{d[4:6]}-{d[6:]},{ppm}" for d, ppm in rows))
    codes = ((name.removeprefix("xkcd:"), code) for name, code in XKCD_COLORS.items())
    _write("colours.csv", "name,hex", (f"{name},{code[1:]}" for name, code in codes))
    table = (sets / "sunspots" / "src" / "sunspots_monthly.dat").read_text()
    years = re.findall(r"^(\d{4})((?: +[\d.]+){12})$", table, re.M)  # 2009 is half a year
    _write(
        "sunspots.csv",
        "month,number",
        (f"{y}-{m:02},{n}" for y, row in years for m, n in enumerate(row.split(), start=1)),
    )


def _write(name: str, head: str, lines: Iterable[str]) -> None:
    text = "\n".join([head, *lines, ""])
    (FILES / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
