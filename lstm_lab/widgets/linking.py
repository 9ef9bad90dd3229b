"""Join our ES modules into one, so that no bundler, file server or CDN is needed.

A widget's module reaches the page as one text. The files below `js/` stay ordinary ES
modules, which node and browsers run as they are; here each ``import {a, b} from "./x.js";``
is replaced by the imported file, wrapped in a function of its own so that names never clash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

__all__ = ["FOLDER", "bundle", "link", "sheet"]

FOLDER = Path(__file__).parent / "js"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
_DEFAULT = "export default "
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)


def _wrapped(name: str, done: dict[str, str]) -> None:
    """Add the module `name`, and before it what it imports, to `done`."""
    if name in done:
        return
    source = (FOLDER / f"{name}.js").read_text("utf-8")
    for _names, needed in _IMPORT.findall(source):
        _wrapped(needed, done)
    exported = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub(_destructured, source))
    if _DEFAULT in body:
        body, exported = body.replace(_DEFAULT, "const widget = "), "widget"
    done[name] = f"const _{name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"


def bundle(names: Iterable[str]) -> str:
    """Return several widgets as one text that holds what they share once.

    It declares ``widgets``, an object with each module's default export under its name.

    Examples
    --------
    >>> text = bundle(["bridge", "stepper"])
    >>> text.count("export function forward("), text.count("function forward(")
    (0, 1)
    """
    done: dict[str, str] = {}
    named = sorted(set(names))
    for name in named:
        _wrapped(name, done)
    listed = ", ".join(f"{name}: _{name}.widget" for name in named)
    return f"{''.join(done.values())}const widgets = {{ {listed} }};\n"


def _destructured(match: re.Match[str]) -> str:
    return f"const {{{match[1]}}} = _{match[2]};\n"


def link(name: str) -> str:
    """Return ``js/NAME.js`` and everything it imports as one ES module.

    Examples
    --------
    >>> text = link("predict")
    >>> "import {" in text, text.count("export default")
    (False, 1)
    """
    source = (FOLDER / f"{name}.js").read_text("utf-8")
    done: dict[str, str] = {}
    for _names, needed in _IMPORT.findall(source):
        _wrapped(needed, done)
    return "".join(done.values()) + _IMPORT.sub(_destructured, source)


def sheet(*names: str) -> str:
    """Return the style sheet of all widgets, followed by those of the named that have one."""
    sheets = [FOLDER / f"{name}.css" for name in ("dom", *names)]
    return "\n".join(path.read_text("utf-8") for path in sheets if path.exists())
