"""A built page speaks one language; what else it holds is on a list."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from lstm_lab.course.gather import gather
from lstm_lab.course.language_rules import check_language, foreign_words
from lstm_lab.course.prose_rules import has_chinese
from lstm_lab.course.strip import STUB

ROOT = Path(__file__).resolve().parents[2]
COURSE, _PROBLEMS = gather(ROOT)
PAGES = [
    *((folder, source) for source in COURSE.exercises for folder in ("exercises", "solutions")),
    *(("notebooks", source) for source in [*COURSE.lessons, *COURSE.appendices]),
]
IDS = [f"{folder}/{source.name}" for folder, source in PAGES]
# At the top of every page: the link to the other one, which says in its language what it does
FRAME = {"en": re.compile(r"\[中文\]\([^)]*\)"), "zh": re.compile(r"\[English\]\([^)]*\)")}


def cells(folder, source, lang):
    return nbformat.read(ROOT / folder / lang / f"{source.name}.ipynb", as_version=4).cells


@pytest.mark.parametrize(("folder", "source"), PAGES, ids=IDS)
def test_an_english_page_holds_no_chinese(folder, source):
    found = []
    for at, cell in enumerate(cells(folder, source, "en")):
        text = cell.source.replace(STUB, "")  # the same in both, so that answers join
        if at == 0:
            text, links = FRAME["en"].subn("", text)
            assert links == 1
        for term in source.header.terms:
            text = text.replace(term, "")
        found += [line for line in text.splitlines() if has_chinese(line)]
    assert found == []


@pytest.mark.parametrize(("folder", "source"), PAGES, ids=IDS)
def test_a_chinese_page_holds_latin_words_only_where_they_are_listed(folder, source):
    found = []
    for cell in cells(folder, source, "zh"):
        if cell.cell_type == "markdown":
            found += foreign_words(FRAME["zh"].sub("", cell.source), set(source.header.terms))
    assert found == []


@pytest.mark.parametrize(("folder", "source"), PAGES, ids=IDS)
def test_what_is_printed_and_asked_keeps_to_it_too(folder, source):
    assert check_language(source) == []


def test_a_word_too_many_would_be_noticed():
    assert foreign_words("遗忘门（forget gate），LSTM，`any code`，$any\\ formula$") == []
    assert foreign_words("[读下去](next_lesson.ipynb)，<b title='a word'>粗</b>") == []
    assert foreign_words("这里 remains 一个词") == ["remains"]
    assert foreign_words("half-life 和 half-time") == ["half-time"]
    assert foreign_words("The cat sat 和 cat", {"The cat sat"}) == ["cat"]


def test_identifiers_keys_and_labels_are_exempt(small):
    text = "n = {'no gate': 1}\nax.set(xlabel='steps back')\nprint(f'n = {n}')\nprint(n['no gate'])"
    small.edit("lessons/step/lesson.py", "y = x + 1", text)
    assert small.build().problems == []
    small.edit("lessons/step/lesson.py", "'n = {n}'", "'fence = {n}'")
    assert len(small.build().problems) == 1
    small.edit("lessons/step/lesson.py", "minutes: 20", "minutes: 20\n#   terms: [fence]")
    assert small.build().problems == []
