"""Join our ES modules into one, so that no bundler, file server or CDN is needed.

A widget's module reaches the page as one text. The files below `js/` stay ordinary ES
modules, which node and browsers run as they are; here each ``import {a, b} from "./x.js";``
is replaced by the imported file, wrapped in a function of its own so that names never clash.
"""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["FOLDER", "link", "sheet"]

FOLDER = Path(__file__).parent / "js"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
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
    done[name] = f"const _{name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"


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


def sheet(name: str) -> str:
    """Return the style sheet of all widgets, followed by that of widget `name` if it has one."""
    own = FOLDER / f"{name}.css"
    sheets = [FOLDER / "dom.css", *([own] if own.exists() else [])]
    return "\n".join(path.read_text("utf-8") for path in sheets)
