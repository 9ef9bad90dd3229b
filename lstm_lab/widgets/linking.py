"""Join our ES modules into one, so that no bundler, file server or CDN is needed.

A widget's module reaches the page as one text. The files below `js/` stay ordinary ES
modules, which node and browsers run as they are; here each ``import {a, b} from "./x.js";``
is replaced by the imported file, wrapped in a function of its own so that names never clash.
This is all that it knows: other forms of import and export are refused with file and line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FOLDER", "bundle", "link", "sheet"]

FOLDER = Path(__file__).parent / "js"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_DEFAULT = re.compile(r"^export default (?=\{)", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
_OWN = re.compile(
    r"^(?:export )?(?:async )?(?:function\*?|const|let|var|class) (\w+)", re.MULTILINE
)
# What the three patterns above leave of these words would reach the page as it is, and fail there.
# A comment may hold them; a string may not, which costs nobody anything.
_UNKNOWN = re.compile(r"^[ \t]*(?:import|export)\b|\bimport\s*[(.]|^await\b", re.MULTILINE)
_NAME = re.compile(r"\w+")


@dataclass
class _Module:
    """One file of ours, its imports and exports read and found to be of the known forms."""

    path: Path
    source: str
    imports: list[tuple[list[str], str]]
    exports: list[str]
    default: bool


def _refused(path: Path, source: str, at: int, why: str) -> SyntaxError:
    line = source.count("\n", 0, at) + 1
    return SyntaxError(why, (str(path), line, 1, source.split("\n")[line - 1]))


def _read(name: str) -> _Module:
    path = FOLDER / f"{name}.js"
    source = path.read_text("utf-8")

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"\S", " ", match[0])

    known = source
    for pattern in (_IMPORT, _DEFAULT, _EXPORT):
        known = pattern.sub(blank, known)
    known = re.sub(r"^[ \t]*//.*$", blank, known, flags=re.MULTILINE)
    if unknown := _UNKNOWN.search(known):
        raise _refused(
            path,
            source,
            unknown.start(),
            'expected `import { names } from "./file.js";`, or export of a function, const, class '
            "or `default { … }`: this form cannot be joined",
        )
    imports = []
    here = Counter(_OWN.findall(source))
    for match in _IMPORT.finditer(source):
        names = [part.strip() for part in match[1].split(",") if part.strip()]
        for wanted in names:
            if not _NAME.fullmatch(wanted):
                why = f"expected plain names in the braces, found `{wanted}`"
                raise _refused(path, source, match.start(), why)
        if not (FOLDER / f"{match[2]}.js").exists():
            raise _refused(path, source, match.start(), f"there is no module {match[2]}.js")
        imports.append((names, match[2]))
        here.update([*names, f"_{match[2]}"])
        if twice := [one for one in (*names, f"_{match[2]}") if here[one] > 1]:
            raise _refused(
                path, source, match.start(), f"`{twice[0]}` is imported or declared twice"
            )
    return _Module(path, source, imports, _EXPORT.findall(source), bool(_DEFAULT.search(source)))


def _wrapped(name: str, done: dict[str, str], above: tuple[str, ...] = ()) -> _Module:
    """Add what the module `name` imports to `done`, then itself; return it."""
    module = _read(name)
    _needed(module, name, done, above)
    if name not in done:
        exported = ", ".join(module.exports)
        body = _EXPORT.sub("", _IMPORT.sub(_destructured, module.source))
        if module.default:
            body, exported = _DEFAULT.sub("const widget = ", body), "widget"
        done[name] = f"const _{name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"
    return module


def _needed(module: _Module, name: str, done: dict[str, str], above: tuple[str, ...]) -> None:
    """Wrap each module that this one imports, and see that it has the names."""
    way = (*above, name)
    for match, (names, other) in zip(_IMPORT.finditer(module.source), module.imports, strict=True):
        if other in way:
            circle = " → ".join([*way[way.index(other) :], other])
            why = f"modules import each other in a circle: {circle}"
            raise _refused(module.path, module.source, match.start(), why)
        exports = _wrapped(other, done, way).exports
        for wanted in names:
            if wanted not in exports:
                why = f"{other}.js exports no `{wanted}`"
                raise _refused(module.path, module.source, match.start(), why)


def bundle(names: Iterable[str]) -> str:
    """Return several widgets as one text that holds what they share once.

    It declares ``widgets``, an object with each module's default export under its name.

    Raises
    ------
    SyntaxError
        Where a module holds what cannot be joined, with file and line.

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

    Raises
    ------
    SyntaxError
        Where a module holds what cannot be joined, with file and line.

    Examples
    --------
    >>> text = link("predict")
    >>> "import {" in text, text.count("export default")
    (False, 1)
    """
    done: dict[str, str] = {}
    module = _read(name)
    _needed(module, name, done, ())
    return "".join(done.values()) + _IMPORT.sub(_destructured, module.source)


def sheet(*names: str) -> str:
    """Return the style sheet of all widgets, followed by those of the named that have one."""
    sheets = [FOLDER / f"{name}.css" for name in ("dom", *names)]
    return "\n".join(path.read_text("utf-8") for path in sheets if path.exists())
