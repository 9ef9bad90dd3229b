"""The package's messages: found in the code, merged, checked, compiled."""

from __future__ import annotations

import gettext
import io

import pytest

from lstm_lab.course.messages import PO, catalogues, compiled, found_messages

MO = PO.removesuffix(".po") + ".mo"
CODE = """\
from lstm_lab.i18n import gettext as _

HELP = "a command"


def say(name):
    print(_("hello {name}").format(name=name))
    print(_("one sentence, "
            "in two pieces"))
    return _(name)
"""
TRANSLATED = """
msgid "hello {name}"
msgstr "你好，{name}"

msgid "one sentence, in two pieces"
msgstr "一句话，两段"

msgid "a command"
msgstr "一个命令"
"""


@pytest.fixture
def package(small):
    small.write("lstm_lab/talk.py", CODE)
    return small


def merge(course):
    files, problems, untranslated = catalogues(course.root)
    for name, data in files.items():
        path = course.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return problems, untranslated


def spoken(course, message):
    with (course.root / MO).open("rb") as file:
        return gettext.GNUTranslations(file).gettext(message)


def test_messages_are_found_with_file_and_line(package):
    found, problems = found_messages(package.root)
    assert found == {
        "a command": [("lstm_lab/talk.py", 3)],
        "hello {name}": [("lstm_lab/talk.py", 7)],
        "one sentence, in two pieces": [("lstm_lab/talk.py", 8)],
    }
    assert problems == []


@pytest.mark.parametrize("wrong", ['_(f"hello {x}")', '_("a" + x)', '_("a {x}".format(x=x))'])
def test_a_message_that_nobody_could_translate(package, wrong):
    package.write("lstm_lab/wrong.py", f"x = 1\nprint({wrong})\n")
    _found, [problem] = found_messages(package.root)
    assert (problem.path, problem.line) == ("lstm_lab/wrong.py", 2)
    assert "one literal string" in problem.text


def test_new_messages_wait_for_their_translation(package):
    problems, untranslated = merge(package)
    assert problems == []
    assert [(p.path, p.line) for p in untranslated] == [
        ("lstm_lab/talk.py", 3),
        ("lstm_lab/talk.py", 7),
        ("lstm_lab/talk.py", 8),
    ]
    assert spoken(package, "a command") == "a command"


def test_translations_are_kept_and_compiled(package):
    package.write(PO, TRANSLATED)
    problems, untranslated = merge(package)
    assert (problems, untranslated) == ([], [])
    assert spoken(package, "hello {name}") == "你好，{name}"
    assert spoken(package, "a command") == "一个命令"
    before = [(package.root / name).read_bytes() for name in (PO, MO)]
    merge(package)
    assert [(package.root / name).read_bytes() for name in (PO, MO)] == before


def test_nothing_that_changes_by_itself_is_written(package):
    package.write(PO, TRANSLATED)
    merge(package)
    text = package.read(PO)
    for word in ("Date", "Babel", "Generated", ":7", ":8"):
        assert word not in text
    assert "#: lstm_lab/talk.py\n" in text
    # An edit that only moves the lines changes nothing
    package.write("lstm_lab/talk.py", "# a comment\n\n" + CODE)
    merge(package)
    assert package.read(PO) == text


def test_a_message_that_is_gone_keeps_its_translation_for_its_return(package):
    package.write(PO, TRANSLATED)
    package.edit("lstm_lab/talk.py", 'HELP = "a command"', "")
    merge(package)
    assert '#~ msgid "a command"' in package.read(PO)
    assert spoken(package, "a command") == "a command"
    package.edit("lstm_lab/talk.py", "def say", 'HELP = "a command"\n\n\ndef say')
    _problems, untranslated = merge(package)
    assert untranslated == []
    assert spoken(package, "a command") == "一个命令"


def test_a_fuzzy_translation_is_none(package):
    package.write(PO, TRANSLATED.replace('msgid "a command"', '#, fuzzy\nmsgid "a command"'))
    _problems, [untranslated] = merge(package)
    assert "a command" in untranslated.text
    assert "#, fuzzy" in package.read(PO)
    assert spoken(package, "a command") == "a command"


def test_placeholders_must_be_the_same(package):
    package.write(PO, TRANSLATED.replace("你好，{name}", "你好，{nom}"))
    [problem], _untranslated = merge(package)
    assert (problem.path, problem.line) == (PO, 2)
    assert "placeholders" in problem.text


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"一个命令"', "3", 9),
        ('msgid "a command"', '<<<<<<< HEAD\nmsgid "a command"', 8),
        ('msgid "a command"', 'msgid "a command', 8),
        ('"一个命令"', '"一个"命令"', 9),
        ('msgid "a command"', 'msgid "hello {name}"', 8),
    ],
)
def test_a_damaged_catalogue_is_told_and_not_overwritten(package, old, new, line):
    package.write(PO, TRANSLATED.replace(old, new))
    files, problems, _untranslated = catalogues(package.root)
    assert files == {}
    assert (problems[0].path, problems[0].line) == (PO, line)


def test_compiled_catalogues_are_what_gettext_reads():
    texts = {
        "": "Content-Type: text/plain; charset=UTF-8\n",
        "ä": "甲",
        "b\nc": "",
        "z": "乙" * 300,
    }
    read = gettext.GNUTranslations(io.BytesIO(compiled(texts)))
    assert [read.gettext(key) for key in ("ä", "z", "other")] == ["甲", "乙" * 300, "other"]


def test_commands_fail_on_untranslated_messages_only_when_checking(package, capsys):
    from lstm_lab.cli import main

    (package.root / PO).parent.mkdir(parents=True)
    assert main(["build", "--no-gate"]) == 0
    assert "3 messages still lack their Chinese" in capsys.readouterr().out
    assert main(["build", "--check", "--no-gate"]) == 1
    assert "lstm_lab/talk.py:3: no Chinese" in capsys.readouterr().out
    package.write(PO, package.read(PO) + TRANSLATED.replace("\n", "\n\n", 1))
    text = package.read(PO)
    package.write(PO, text[: text.index("#: ")] + TRANSLATED)
    assert main(["build", "--no-gate"]) == 0
    capsys.readouterr()
    assert main(["build", "--check", "--no-gate"]) == 0
