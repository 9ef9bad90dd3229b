"""The rules of bilingual prose: each English cell beside its Chinese one, saying the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from lstm_lab.course.markdown import formulas, headings, links, unpaired_dollar, without_code
from lstm_lab.course.problems import Problem
from lstm_lab.course.source import Cell, Source
from lstm_lab.i18n import gettext as _

__all__ = ["PLACEHOLDERS", "check_prose", "has_chinese"]

# Filled in by the build: {{contents}} alone on its line, the others in running text; so is
# {{SLUG}}, the number of a lesson.
PLACEHOLDERS = ("contents", "lesson_hours", "exercise_hours")
_PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]{2,})\}\}")
_NUMBER = re.compile(r"(?:\b[Ll]essons?|\b[Ee]xercises?|第|练习) ?\[?(\d\d)\b")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[A-Za-z]{2,}")
_HALF_WIDTH = re.compile(r"(?<=[\u3400-\u9fff])[,;:?!](?=\s|$|[\u3400-\u9fff])")
# House style of the Chinese edition.
_NOT_SAID = {"众所周知": "", "不难看出": "", "您": "你"}


def has_chinese(text: str) -> bool:
    """Tell whether there is any Chinese character.

    Examples
    --------
    >>> has_chinese("遗忘门"), has_chinese("forget gate")
    (True, False)
    """
    return _CHINESE.search(text) is not None


def check_prose(source: Source, numbers: Mapping[str, str]) -> list[Problem]:
    """Hold every Markdown cell of a source against its neighbour in the other language.

    Parameters
    ----------
    source : Source
    numbers : mapping
        The number of each lesson by its slug; prose names lessons by ``{{slug}}``.
    """
    problems: list[Problem] = []
    cells = source.cells
    at = 0
    while at < len(cells):
        cell = cells[at]
        after = cells[at + 1] if at + 1 < len(cells) else None
        at += 1
        if cell.kind != "markdown" or cell.lang is None:
            continue
        problems += _alone(cell, source.path, numbers)
        if cell.lang == "zh":
            text = _("this Chinese cell has no English cell right above it")
            problems.append(Problem(source.path, cell.line, text))
        elif after is None or after.kind != "markdown" or after.lang == "en":
            text = _("this English cell has no Chinese cell right below it")
            problems.append(Problem(source.path, cell.line, text))
        elif after.lang == "zh":
            problems += _alone(after, source.path, numbers)
            problems += _together(cell, after, source.path)
            at += 1
    return problems


def _alone(cell: Cell, where: str, numbers: Mapping[str, str]) -> list[Problem]:
    problems = []

    def wrong(offset: int, text: str) -> None:
        problems.append(Problem(where, cell.first + offset, text))

    dollar = unpaired_dollar(cell.text)
    if dollar is not None:
        wrong(dollar, _("a $ that opens no formula; a dollar sign itself is written \\$"))
    for level, _words, line in headings(cell.text):
        if level == 1:
            wrong(line, _("the title comes from the header: begin headings with ##"))
    plain = without_code(cell.text)
    for n, line_text in enumerate(plain.split("\n")):
        for name in _PLACEHOLDER.findall(line_text):
            if name not in PLACEHOLDERS and name not in numbers:
                wrong(
                    n,
                    _("unknown placeholder {name}; known: {known}").format(
                        name="{{" + name + "}}",
                        known=", ".join("{{" + one + "}}" for one in (*PLACEHOLDERS, *numbers)),
                    ),
                )
        for number in _NUMBER.findall(line_text):
            slug = next((slug for slug, known in numbers.items() if known == number), "SLUG")
            text = _("a lesson's number may change: write {placeholder}, not {number}")
            wrong(n, text.format(placeholder="{{" + slug + "}}", number=number))
        if "{{contents}}" in line_text and line_text.strip() != "{{contents}}":
            wrong(n, _("{name} must stand alone in its line").format(name="{{contents}}"))
        if cell.lang == "zh":
            for word, instead in _NOT_SAID.items():
                if word in line_text:
                    wrong(
                        n,
                        _("house style: not {word}").format(word=word)
                        + (f" → {instead}" if instead else ""),
                    )
            if _HALF_WIDTH.search(_FORMULA.sub("", line_text)):
                wrong(n, _("house style: full-width punctuation after Chinese characters"))
    opened, closed = (len(re.findall(tag, plain)) for tag in (r"<details\b", r"</details>"))
    if opened != closed:
        wrong(
            0,
            _("{opened} <details> but {closed} </details>").format(opened=opened, closed=closed),
        )
    return problems


def _together(en: Cell, zh: Cell, where: str) -> list[Problem]:
    problems = []

    def wrong(cell: Cell, offset: int, text: str) -> None:
        problems.append(Problem(where, cell.first + offset, text))

    for one, other, language in ((en, zh, _("Chinese")), (zh, en, _("English"))):
        there = {formula.text for formula in formulas(other.text)}
        for formula in formulas(one.text):
            if formula.text not in there:
                there.add(formula.text)
                wrong(
                    one,
                    formula.line,
                    _("the formula ${formula}$ is not in the {language} cell").format(
                        formula=formula.text, language=language
                    ),
                )
        if {_without_language(link.target) for link in links(one.text)} - {
            _without_language(link.target) for link in links(other.text)
        }:
            missing = next(
                link
                for link in links(one.text)
                if _without_language(link.target)
                not in {_without_language(other_link.target) for other_link in links(other.text)}
            )
            wrong(
                one,
                missing.line,
                _("the link to {target} is not in the {language} cell").format(
                    target=missing.target, language=language
                ),
            )
    levels = [Counter(level for level, _w, _l in headings(cell.text)) for cell in (en, zh)]
    if levels[0] != levels[1]:
        wrong(zh, 0, _("the two languages have different headings (number or level)"))
    for what in ("<details", "<summary", "```", "{{"):
        if en.text.count(what) != zh.text.count(what):
            wrong(
                zh,
                0,
                _("{what} stands {en} times in English, {zh} times in Chinese").format(
                    what=what, en=en.text.count(what), zh=zh.text.count(what)
                ),
            )
    words = _WORD.findall(_TAG.sub("", _FORMULA.sub("", without_code(en.text))))
    if len(words) >= 5 and not has_chinese(zh.text):
        wrong(zh, 0, _("the Chinese cell has no Chinese in it"))
    return problems


def _without_language(target: str) -> str:
    # Headings have other words in the other language, and so other anchors.
    return re.sub(r"(^|/)(en|zh)/", r"\1*/", target.partition("#")[0])
