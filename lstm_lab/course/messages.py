"""The package's own messages: found in the code, merged into the catalogue, compiled.

Everything is written by the same rules every time (no dates, no line numbers, no version of
a tool), so that building twice gives the same bytes.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from lstm_lab.course.problems import Problem
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["catalogues", "compiled", "found_messages"]

PO = "lstm_lab/locale/zh/LC_MESSAGES/lstm_lab.po"
# `N_` marks a message that is translated later, `say` says it in both languages at once.
_CALLS = ("_", "gettext", "N_", "say")
_HEADER = """\
Project-Id-Version: lstm-lab
Language: zh
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
"""
# babel passes over much that is no entry, and a translation would be lost without a word.
_PO_LINE = re.compile(r'(#~ ?)?((msgid|msgstr) )?"([^"\\]|\\.)*"|#.*|\s*')
_PLACEHOLDER = re.compile(r"(?<!\{)\{([a-zA-Z_]\w*)[^{}]*\}")


def found_messages(root: Path) -> tuple[dict[str, list[tuple[str, int]]], list[Problem]]:
    """Find each ``_("…")`` of the package, and each command's ``HELP``.

    Returns
    -------
    messages : dict
        For each message the (file, line) where it is said.
    problems : list of Problem
        Calls whose message is not a literal, so that nobody could translate it.
    """
    messages: dict[str, list[tuple[str, int]]] = {}
    problems = []
    for path in sorted((root / "lstm_lab").rglob("*.py")):
        where = path.relative_to(root).as_posix()
        try:
            tree = ast.parse(path.read_text("utf-8"))
        except SyntaxError as error:
            text = _("not Python: {why}").format(why=error.msg)
            problems.append(Problem(where, error.lineno or 1, text))
            continue
        for said in filter(None, map(_said, ast.walk(tree))):
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                messages.setdefault(said.value, []).append((where, said.lineno))
            elif isinstance(said, ast.JoinedStr | ast.BinOp | ast.Call):
                text = _("a message must be one literal string; fill it in with .format(…)")
                problems.append(Problem(where, said.lineno, text))
    return messages, problems


def _said(node: ast.AST) -> ast.expr | None:
    """Return the message of a gettext call or of HELP = …, else None.

    A name in place of a literal is no message: some function passes on what it was given.
    """
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.args[0] if node.func.id in _CALLS and node.args else None
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "HELP":
        return node.value
    return None


def catalogues(root: Path) -> tuple[dict[str, bytes], list[Problem], list[Problem]]:
    """Merge the messages found into the Chinese catalogue.

    Returns
    -------
    files : dict
        The catalogue to edit (.po) and the compiled one (.mo), by their paths.
    problems, untranslated : list of Problem
        What is wrong, and what still waits for a translation.
    """
    try:
        from babel.messages.catalog import Catalog
        from babel.messages.pofile import PoFileError, read_po, write_po
    except ImportError:
        raise UserError(
            _(
                "Building needs babel, which authors have and learners do not: "
                "install the development extra, `python -m pip install -e .[dev]`."
            )
        ) from None
    found, problems = found_messages(root)
    path = root / PO
    data = path.read_bytes() if path.is_file() else b""
    wrong, lines = _check_lines(data.decode("utf-8", errors="replace"))
    if wrong:
        return {}, [*problems, *wrong], []
    try:
        old = read_po(io.BytesIO(data), locale="zh", abort_invalid=True)
    except PoFileError as error:
        return {}, [*problems, Problem(PO, 1, str(error))], []
    known = {str(entry.id): entry for entry in [*old.obsolete.values(), *old] if entry.id}
    new = Catalog(locale="zh")
    texts = {}
    untranslated = []
    for message, places in found.items():
        entry = known.get(message)
        text = str(entry.string or "") if entry else ""
        files = sorted({place for place, _line in places})
        flags = ["fuzzy"] if entry is not None and entry.fuzzy else []
        new.add(message, text, [(file, None) for file in files], flags=flags)  # type: ignore[misc]
        place, line = places[0]
        if not text or flags:
            sentence = _("no Chinese in {po} for: {message}").format(po=PO, message=repr(message))
            untranslated.append(Problem(place, line, sentence))
        elif set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(message)):
            sentence = _("the placeholders differ from those of {message}").format(
                message=repr(message)
            )
            problems.append(Problem(PO, lines.get(message, 1), sentence))
        else:
            texts[message] = text
    for message, entry in known.items():
        if message not in found and entry.string:
            new.obsolete[message] = entry
            entry.locations = []
    out = io.BytesIO()
    write_po(out, new, width=0, omit_header=True, sort_output=True, include_lineno=False)
    header = "".join(f'"{line}\\n"\n' for line in _HEADER.splitlines())
    written = f'msgid ""\nmsgstr ""\n{header}\n'.encode() + out.getvalue().strip() + b"\n"
    return (
        {PO: written, PO.removesuffix(".po") + ".mo": compiled({"": _HEADER} | texts)},
        problems,
        sorted(untranslated),
    )


def _check_lines(text: str) -> tuple[list[Problem], dict[str, int]]:
    """Find lines that are no part of an entry; return also the line of each message."""
    problems = []
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not _PO_LINE.fullmatch(line):
            problems.append(Problem(PO, number, _("this line is no part of a catalogue's entry")))
        if line.startswith('msgid "') and len(line) > len('msgid ""'):
            message = str(ast.literal_eval(line[6:])) if _PO_LINE.fullmatch(line) else line
            if message in lines:
                sentence = _("this message stands in line {line} already")
                problems.append(Problem(PO, number, sentence.format(line=lines[message])))
            lines[message] = number
    return problems, lines


def compiled(texts: dict[str, str]) -> bytes:
    r"""Return the binary catalogue (.mo).

    Examples
    --------
    >>> import gettext, io
    >>> data = compiled({"": "Content-Type: text/plain; charset=UTF-8\n", "cell": "细胞"})
    >>> gettext.GNUTranslations(io.BytesIO(data)).gettext("cell")
    '细胞'
    """
    from babel.messages.catalog import Catalog, Message
    from babel.messages.mofile import write_mo

    class Plain(Catalog):
        """With our header in place of babel's, which tells its version and the time."""

        def __iter__(self) -> Iterator[Message]:
            return (Message(key, text) for key, text in sorted(texts.items()))

    out = io.BytesIO()
    write_mo(out, Plain())
    return out.getvalue()
