"""Code on a page: one language, the same program in both, as ruff would format it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from lstm_lab.course.gather import gather
from lstm_lab.course.one_language import in_language
from lstm_lab.i18n import LANGUAGES
from lstm_lab.paths import course_root

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix().replace("/en/", "/{}/")
    for folder in ("notebooks", "exercises", "solutions")
    for path in (ROOT / folder / "en").glob("*.ipynb")
)
RUFF = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100"]


def code_of(page: str, lang: str) -> list[str]:
    cells = nbformat.read(ROOT / page.format(lang), as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


class OneLanguage(ast.NodeTransformer):
    """The same on syntax trees: an independent way to what a page should say."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "tr":
            return next(keyword.value for keyword in node.keywords if keyword.arg == self.lang)
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        if node.module == "lstm_lab.i18n":
            node.names = [alias for alias in node.names if alias.name != "tr"]
        return node if node.names else None


class Blanked(ast.NodeTransformer):
    """Leaves of strings only that there is one."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant("")


def but_for_strings(text: str) -> str:
    return ast.dump(Blanked().visit(ast.parse(text)))


def test_there_are_pages():
    assert course_root() == ROOT
    assert len(PAGES) >= 20


@pytest.mark.parametrize("page", PAGES)
def test_both_pages_are_one_program_but_for_strings(page):
    for en, zh in zip(code_of(page, "en"), code_of(page, "zh"), strict=True):
        assert but_for_strings(en) == but_for_strings(zh)
        assert not [n for n in ast.walk(ast.parse(en)) if isinstance(n, ast.Name) and n.id == "tr"]
        assert "lstm_lab.i18n" not in en


def test_another_program_would_be_noticed():
    assert but_for_strings('f("a", x)') == but_for_strings('f(f"{x}", x)')
    for other in ('f("a", y)', 'f("a", "b")', 'f(["a"], x)'):
        assert but_for_strings('f("a", x)') != but_for_strings(other)


def test_a_page_says_what_its_source_says_in_that_language():
    course, _problems = gather(ROOT)
    said = 0
    for source in [*course.lessons, *course.appendices]:
        sources = [cell.text for cell in source.cells if cell.kind == "code"]
        for lang in LANGUAGES:
            page = code_of(f"notebooks/{lang}/{source.name}.ipynb", lang)
            for text, shown in zip(sources, page, strict=True):
                want = OneLanguage(lang).visit(ast.parse(text))
                assert ast.dump(want) == ast.dump(ast.parse(shown))
                said += text.count("tr(")
    assert said > 300


def test_pages_stand_as_ruff_formats_them(tmp_path):
    for page in PAGES:
        for lang in LANGUAGES:
            for at, text in enumerate(code_of(page, lang)):
                name = page.format(lang).replace("/", "_").replace(".ipynb", f"_{at}.py")
                (tmp_path / name).write_text(text + "\n", "utf-8")
    assert len(list(tmp_path.iterdir())) > 500
    done = subprocess.run([*RUFF, "--diff", tmp_path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    (tmp_path / "planted.py").write_text("x = (\n    1)\n")
    assert subprocess.run([*RUFF, "--check", tmp_path], capture_output=True).returncode == 1


ONE = "one " * 23  # too long to stand beside "two" in a line

# the source, and what is left of it in English and in Chinese
FORMS = {
    "a string": ('print(tr(en="half", zh="一半"), x)', 'print("half", x)', 'print("一半", x)'),
    "an f-string": ('tr(en=f"{a} of b", zh=f"b 的 {a}")', 'f"{a} of b"', 'f"b 的 {a}"'),
    "a list that keeps its lines": (
        'f(\n    tr(\n        en=["one", "two"],\n        zh=["一", "二"],\n    ),\n    k=1,\n)',
        'f(\n    ["one", "two"],\n    k=1,\n)',
        'f(\n    ["一", "二"],\n    k=1,\n)',
    ),
    "brackets that now fit": (
        'table(\n    rows, [tr(en="way", zh="路")], caption=tr(en="back", zh="回去")\n)',
        'table(rows, ["way"], caption="back")',
        'table(rows, ["路"], caption="回去")',
    ),
    "two lines, one in the other language": (
        f'f(\n    alt=tr(\n        en="{ONE}"\n        "two",\n        zh="一二",\n    ),\n)',
        f'f(\n    alt="{ONE}"\n    "two",\n)',
        'f(\n    alt="一二",\n)',
    ),
    "two lines assigned": (
        f'x = tr(\n    en="{ONE}"\n    "two",\n    zh="一二",\n)',
        f'x = (\n    "{ONE}"\n    "two"\n)',
        'x = "一二"',
    ),
    "two lines alone in a call": (
        f'print(\n    tr(\n        en="{ONE}"\n        "two",\n        zh="一二",\n    )\n)',
        f'print(\n    "{ONE}"\n    "two"\n)',
        'print("一二")',
    ),
    "a long line assigned": (
        f'caption = tr(\n    en="{"x" * 94}",\n    zh="一",\n)',
        f'caption = (\n    "{"x" * 94}"\n)',
        'caption = "一"',
    ),
    "the import, alone in its group": (
        'import a\n\nfrom lstm_lab.i18n import tr\n\nx = tr(en="a", zh="甲")',
        'import a\n\nx = "a"',
        'import a\n\nx = "甲"',
    ),
    "the import, with others": (
        "from lstm_lab.i18n import language, tr\nfrom lstm_lab.plots import show",
        "from lstm_lab.i18n import language\nfrom lstm_lab.plots import show",
        "from lstm_lab.i18n import language\nfrom lstm_lab.plots import show",
    ),
    "the import at the end": ("import a\nfrom lstm_lab.i18n import tr", "import a", "import a"),
    "a comment in two languages": (
        'y = x[12:]  # en: whole ones | zh: 完整的\ns = "# en: a | zh: b"',
        'y = x[12:]  # whole ones\ns = "# en: a | zh: b"',
        'y = x[12:]  # 完整的\ns = "# en: a | zh: b"',
    ),
    "Chinese before it in the line": (
        'f("甲", tr(en="a", zh="乙"), tr(en="b", zh="丙"))',
        'f("甲", "a", "b")',
        'f("甲", "乙", "丙")',
    ),
    "no Python": ("x = = tr(en=1)", "x = = tr(en=1)", "x = = tr(en=1)"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_tr(form):
    source, en, zh = FORMS[form]
    assert in_language(source, "en") == en
    assert in_language(source, "zh") == zh


@pytest.mark.parametrize("form", [form for form in FORMS if form != "no Python"])
def test_the_forms_are_those_of_ruff(form):
    for text in FORMS[form][1:]:
        done = subprocess.run([*RUFF, "-"], input=text, capture_output=True, text=True, check=True)
        assert done.stdout == text + "\n"
