"""The join of our ES modules refuses what it does not know, with file and line."""

import pytest

from lstm_lab.widgets import linking

WIDGET = "export default { render };\n"


@pytest.fixture
def js(tmp_path, monkeypatch):
    monkeypatch.setattr(linking, "FOLDER", tmp_path)

    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.js").write_text(text, "utf-8")

    write(part="export const one = 1;\nexport function two() {}\n")
    return write


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ('// a\nimport * as part from "./part.js";\n', 2, "cannot be joined"),
        ('import part from "./part.js";\n', 1, "cannot be joined"),
        ('import "./part.js";\n', 1, "cannot be joined"),
        ('import { one } from "./part.js"\n', 1, "cannot be joined"),
        ('import { one } from "https://a.example/part.js";\n', 1, "cannot be joined"),
        ("const a = 1;\nexport let b = 1;\n", 2, "cannot be joined"),
        ("export var b = 1;\n", 1, "cannot be joined"),
        ("export default function render() {}\n", 1, "cannot be joined"),
        ("export default render;\n", 1, "cannot be joined"),
        ('export { one } from "./part.js";\n', 1, "cannot be joined"),
        ('export * from "./part.js";\n', 1, "cannot be joined"),
        ("const b = 1;\nexport { b };\n", 2, "cannot be joined"),
        ('function f() {\n  return import("./part.js");\n}\n', 2, "cannot be joined"),
        ("const here = import.meta.url;\n", 1, "cannot be joined"),
        ("\nawait 1;\n", 2, "cannot be joined"),
        ('import { one as a } from "./part.js";\n', 1, "plain names"),
        ('import { three } from "./part.js";\n', 1, "exports no `three`"),
        ('\nimport { one } from "./apart.js";\n', 2, "no module apart.js"),
        ('import { one } from "./part.js";\nconst one = 2;\n', 1, "`one` is imported or decl"),
        ('import { one, one } from "./part.js";\n', 1, "`one` is imported or declared twice"),
        ('import { one } from "./part.js";\nconst _part = 2;\n', 1, "`_part` is imported"),
    ],
)
def test_what_cannot_be_joined_is_refused_with_file_and_line(js, source, line, said):
    js(widget=source + WIDGET)
    for join in (linking.link, lambda name: linking.bundle([name])):
        with pytest.raises(SyntaxError, match=said) as caught:
            join("widget")
        assert caught.value.filename.endswith("widget.js")
        assert caught.value.lineno == line


def test_one_name_from_two_modules_is_refused(js):
    js(
        other="export const one = 3;\n",
        widget='import { one } from "./part.js";\nimport { one } from "./other.js";\n' + WIDGET,
    )
    with pytest.raises(SyntaxError, match="`one` is imported or declared twice") as caught:
        linking.link("widget")
    assert caught.value.lineno == 2


def test_a_circle_is_named_where_it_closes(js):
    js(
        a='import { b } from "./b.js";\nexport const a = 1;\n',
        b='\nimport { a } from "./a.js";\nexport const b = 1;\n',
        widget='import { a } from "./a.js";\n' + WIDGET,
    )
    with pytest.raises(SyntaxError, match="a → b → a") as caught:
        linking.link("widget")
    assert caught.value.filename.endswith("b.js")
    assert caught.value.lineno == 2


def test_a_fault_in_an_imported_module_names_that_file(js):
    js(deep="\n\nexport let x = 1;\n", widget='import { x } from "./deep.js";\n' + WIDGET)
    with pytest.raises(SyntaxError, match="cannot be joined") as caught:
        linking.link("widget")
    assert caught.value.filename.endswith("deep.js")
    assert caught.value.lineno == 3


def test_the_known_forms_are_joined(js):
    js(
        widget='// export let in a comment\nimport {\n  one,\n  two,\n} from "./part.js";\n'
        "function render() {}\n" + WIDGET
    )
    text = linking.link("widget")
    assert "import {" not in text
    assert text.count("const one = 1;") == 1
    assert text.index("const _part") < text.index("} = _part;")
