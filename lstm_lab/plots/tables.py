"""Tables that a screen reader can walk through: real headers, a caption, aligned numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["Table", "table"]

_CELL = (
    "padding:4px 12px;border-bottom:1px solid var(--jp-border-color2,#ccc);vertical-align:baseline"
)


class Table:
    """A small table; Jupyter shows it as HTML, ``print`` as aligned text."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: str) -> None:
        self.columns = list(columns)
        self.rows = [list(row) for row in rows]
        self.caption = caption

    def _texts(self) -> list[list[str]]:
        return [[_written(value) for value in row] for row in self.rows]

    def _numeric(self, column: int) -> bool:
        values = [row[column] for row in self.rows if row[column] is not None]
        return bool(values) and all(
            (isinstance(value, (int, float)) and not isinstance(value, bool))
            or hasattr(value, "dtype")
            for value in values
        )

    def _repr_html_(self) -> str:
        align = ["right" if self._numeric(n) else "left" for n in range(len(self.columns))]
        head = "".join(
            f'<th scope="col" style="{_CELL};text-align:{align[n]}">{escape(name)}</th>'
            for n, name in enumerate(self.columns)
        )
        body = []
        for row in self._texts():
            cells = [
                f'<th scope="row" style="{_CELL};text-align:left;font-weight:600">'
                f"{escape(row[0])}</th>"
            ]
            cells += [
                f'<td style="{_CELL};text-align:{align[n]};font-variant-numeric:tabular-nums">'
                f"{escape(text)}</td>"
                for n, text in enumerate(row[1:], start=1)
            ]
            body.append(f"<tr>{''.join(cells)}</tr>")
        caption = (
            '<caption style="caption-side:top;text-align:left;padding:4px 0;'
            f'color:var(--jp-content-font-color1,inherit)">{escape(self.caption)}</caption>'
            if self.caption
            else ""
        )
        return (
            '<table class="lstm-lab-table" style="border-collapse:collapse;margin:8px 0;'
            f'font-size:1em">{caption}<thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(body)}</tbody></table>"
        )

    def __repr__(self) -> str:
        lines = [self.columns, *self._texts()]
        widths = [max(len(line[n]) for line in lines) for n in range(len(self.columns))]
        written = [
            "  ".join(
                text.rjust(width) if self._numeric(n) else text.ljust(width)
                for n, (text, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join(([self.caption] if self.caption else []) + written)


def _written(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        return str(value)
    number = float(value)
    if number == int(number) if abs(number) < 1e15 else False:
        return f"{int(number):,}"
    return f"{number:.3g}"


def table(
    rows: Mapping[str, Sequence[Any] | Mapping[str, Any]] | Sequence[Sequence[Any]],
    columns: Sequence[str],
    *,
    caption: str = "",
) -> Table:
    """Put values side by side.

    Parameters
    ----------
    rows : mapping or sequence of sequences
        ``{"RNN": (0, 10), …}``: the key is the row's header; or rows whose first value is.
        Strings appear as they are, numbers with three significant digits, None as a dash.
    columns : sequence of str
        Headers, the first one above the row headers.
    caption : str
        What is compared.

    Examples
    --------
    >>> table({"RNN": (0, 0.168), "LSTM": (10, 0.0004)}, ["model", "solved", "loss"])
    model  solved    loss
    RNN         0   0.168
    LSTM       10  0.0004
    """
    if isinstance(rows, Mapping):
        listed: list[list[Any]] = [
            [name, *(values.values() if isinstance(values, Mapping) else values)]
            for name, values in rows.items()
        ]
    else:
        listed = [list(row) for row in rows]
    for row in listed:
        if len(row) != len(columns):
            raise UserError(
                _("row {row}: expected {expected} values, found {found}").format(
                    row=repr(row[0] if row else ""), expected=len(columns), found=len(row)
                )
            )
    return Table(columns, listed, caption)
