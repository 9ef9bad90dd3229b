"""Each page keeps to its language: which Latin words a Chinese one may hold, no Chinese in English.

Exempt are code spans, formulas, links' targets, identifiers (in what is printed or captioned),
the keys of tables and dictionaries, and axis labels.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from lstm_lab.course.folds import WIDGETS
from lstm_lab.course.glossary import GLOSSARY
from lstm_lab.course.markdown import without_code
from lstm_lab.course.one_language import parsed, translations
from lstm_lab.course.problems import Problem
from lstm_lab.course.prose_rules import has_chinese
from lstm_lab.course.source import Source
from lstm_lab.i18n import gettext as _

__all__ = ["check_language", "foreign_words"]

_WORD = re.compile(r"(?<![\w.@/])[A-Za-z][A-Za-z'’-]*[A-Za-z](?![\w(@/]|\.\w)")
_NOT_PROSE = re.compile(
    r"\\\$|\$\$.+?\$\$|\$[^$]+\$|\]\([^)]*\)|<[^<>]*>|\{\{\w+\}\}|https?://\S+", re.DOTALL
)
_TEXTS = {"caption", "alt", "question", "title"}


def foreign_words(text: str, known: set[str] | frozenset[str] = frozenset()) -> list[str]:
    """Return the Latin words of Chinese Markdown that neither the glossary nor `known` holds.

    Examples
    --------
    >>> foreign_words("遗忘门（forget gate）$f$，看 `c` 和 [LSTM](05_x.ipynb)：what is left")
    ['what', 'is', 'left']
    >>> foreign_words("The cat 这句话", {"the cat"})
    []
    """
    return [match[0] for match in _words(_prose(text), known)]


def _prose(text: str) -> str:
    """Blank out what is no prose, each line where it was."""
    return _NOT_PROSE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), without_code(text))


def _words(text: str, known: set[str] | frozenset[str]) -> Iterator[re.Match[str]]:
    known = {word.casefold() for word in known}
    for phrase in sorted((one for one in known if not one.isalpha()), key=len, reverse=True):
        text = re.sub(re.escape(phrase), lambda m: " " * len(m[0]), text, flags=re.IGNORECASE)
    for match in _WORD.finditer(text):
        if match[0].casefold() not in known | GLOSSARY:
            yield match


def check_language(source: Source) -> list[Problem]:
    """Hold every text of a source against the language of the page that it is for."""
    problems = []
    terms = set(source.header.terms)

    def wrong(line: int, sentence: str, **facts: str) -> None:
        problems.append(Problem(source.path, line, sentence.format(**facts)))

    def chinese(text: str, line: int, known: set[str]) -> None:
        for match in _words(text, known):
            at = line + text.count("\n", 0, match.start())
            told = _("{word} on a Chinese page: say it in Chinese, or list it in terms:")
            wrong(at, told, word=repr(match[0]))

    def english(text: str, line: int) -> None:
        for term in terms:
            text = text.replace(term, "")
        if has_chinese(text):
            wrong(line, _("Chinese on an English page"))

    for said in (source.header.title, source.header.summary):
        english(said["en"], 1)
        chinese(said["zh"], 1, terms)
    for cell in source.cells:
        if cell.lang == "zh":
            chinese(_prose(cell.text), cell.first, terms)
        elif cell.lang == "en":
            english(cell.text, cell.first)
        else:
            try:
                tree = parsed(cell.text)
            except SyntaxError:
                continue
            known = terms | _identifiers(source)
            translated = set()
            for call, values in translations(tree):
                translated |= {id(inner) for inner in ast.walk(call)}
                for line, text in _strings(values.get("zh")):
                    chinese(text, cell.first + line - 1, known)
                for line, text in _strings(values.get("en")):
                    english(text, cell.first + line - 1)
            for line, text in _said(tree, translated):
                if any(_words(text, known)):
                    told = _("{text} is read by a learner: say it with tr(en=…, zh=…)")
                    wrong(cell.first + line - 1, told, text=repr(text))
    return problems


def _identifiers(source: Source) -> set[str]:
    found = set()
    for cell in source.cells:
        if cell.kind == "code":
            found |= _names(cell.text)
    return found


def _names(code: str) -> set[str]:
    try:
        tree = parsed(code)
    except SyntaxError:
        return set()
    said = [getattr(n, key, None) for n in ast.walk(tree) for key in ("id", "attr", "arg", "name")]
    return {name for name in said if isinstance(name, str)}


def _strings(node: ast.AST | None) -> Iterator[tuple[int, str]]:
    for inner in ast.walk(node) if node is not None else ():
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.lineno, inner.value


def _said(tree: ast.Module, translated: set[int]) -> Iterator[tuple[int, str]]:
    """Yield what is printed, asked or written under a picture without `tr`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "")
        texts: list[ast.expr] = [k.value for k in node.keywords if k.arg in _TEXTS]
        if name == "print":
            texts += node.args
        elif name in WIDGETS:  # the first is its id, or the kind of cell
            texts += node.args[1:2] + [k.value for k in node.keywords if k.arg == "choices"]
        for text in texts:
            for inner in _shown(text):
                if id(inner) not in translated:
                    yield inner.lineno, str(inner.value)


def _shown(node: ast.AST) -> Iterator[ast.Constant]:
    """Yield strings that are shown; not keys, and not what is compared or called with."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.Starred | ast.BinOp):
        for child in ast.iter_child_nodes(node):
            yield from _shown(child)
    elif isinstance(node, ast.IfExp):
        yield from _shown(node.body)
        yield from _shown(node.orelse)
    elif isinstance(node, ast.ListComp):
        yield from _shown(node.elt)
