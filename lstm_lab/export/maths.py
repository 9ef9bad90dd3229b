"""Formulas as MathML, which browsers draw and read aloud themselves: no script, no fonts."""

from __future__ import annotations

import re
from html import escape

from latex2mathml.converter import convert

__all__ = ["mathml"]

# What latex2mathml does not know it passes through.
_LEFT_OVER = re.compile(r"\\|>&<")
# It knows the numbered environment; inside $$ … $$ the other one is the right one to write.
_NAMES = {"aligned": "align*", "gathered": "align*"}


def mathml(latex: str, *, block: bool = False) -> str:
    r"""Return a formula as a ``<math>`` element, or as code where it cannot be converted.

    Examples
    --------
    >>> mathml("h_t")
    '<math alttext="h_t" display="inline"><mrow><msub><mi>h</mi><mi>t</mi></msub></mrow></math>'
    >>> print(mathml(r"\nosuch{x}"))
    <code>\nosuch{x}</code>
    """
    text = latex.strip()
    for wanted, known in _NAMES.items():
        text = re.sub(rf"\\(begin|end)\{{{wanted}\}}", rf"\\\1{{{known}}}", text)
    try:
        found = convert(text, display="block" if block else "inline")
    except Exception:  # it has a dozen exceptions of its own, and a few of Python's
        found = "\\"
    if _LEFT_OVER.search(re.sub(r"<mtext>.*?</mtext>", "", found)):
        return f"<code>{escape(latex)}</code>"
    # HTML knows the element: the namespace would only be in the way
    spoken = f'<math alttext="{escape(latex.strip(), quote=True)}"'
    return re.sub(r'<math xmlns="[^"]*"', lambda _match: spoken, found, count=1)
