"""Pages in two languages say the same: block by block the same kind, code, links and numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ("README.md", "README.zh.md"),
    *(
        (f"docs/{path.name.replace('.zh', '')}", f"docs/{path.name}")
        for path in sorted((ROOT / "docs").glob("*.zh.md"))
    ),
]
# placeholders in commands, which are words
WORDS = {"文件夹或ZIP": "FOLDER_OR_ZIP", "文件夹": "FOLDER", "地址": "ADDRESS"}


def blocks(text: str) -> list[str]:
    """Cut a page at its empty lines; what is fenced stays whole."""
    found, fenced, lines = [], False, []
    for line in [*text.splitlines(), ""]:
        fenced ^= line.lstrip().startswith("```")
        if line.strip() or fenced:
            lines.append(line)
        elif lines:
            found.append("\n".join(lines))
            lines = []
    return found


def kind(block: str) -> str:
    first = block.lstrip()
    for pattern, name in [
        (r"#+ ", "heading {}"), (r"```", "code"), (r"\|", "table"), (r"[-*] ", "list"),
        (r"\d+\. ", "step"), (r"!\[", "picture"),
    ]:  # fmt: skip
        match = re.match(pattern, first)
        if match:
            return name.format(match[0].strip())
    return "text"


def code(block: str) -> str:
    """Return fenced code without comments, placeholders as they are in English."""
    for chinese, english in WORDS.items():
        block = block.replace(chinese, english)
    return re.sub(r"\s*#.*", "", block)


def facts(block: str) -> dict[str, object]:
    """Return what does not depend on the language of a block."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", block)
    spans = re.findall(r"`([^`]+)`", text)
    for chinese, english in WORDS.items():
        spans = [span.replace(chinese, english) for span in spans]
    links = re.findall(r"\]\(([^)#]+)", block)
    bare = re.sub(r"`[^`]*`", "", text)
    return {
        "spans": {span for span in spans if span.isascii()},
        "links": sorted(
            one.replace(".zh.md", ".md").replace("-zh.", "-en.")
            for one in links
            if "README" not in one
        ),
        "numbers": sorted(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d)[,\s](?=\d{3})", "", bare))),
        "rows": block.count("\n|") if kind(block) == "table" else 0,
        "items": len(re.findall(r"^\s*[-*] ", block, re.MULTILINE)),
    }


def test_there_are_pages_in_two_languages():
    assert len(PAGES) >= 3
    assert all((ROOT / one).is_file() for pair in PAGES for one in pair)


@pytest.mark.parametrize(("english", "chinese"), PAGES)
def test_they_have_the_same_blocks(english, chinese):
    ours = [blocks((ROOT / name).read_text("utf-8")) for name in (english, chinese)]
    kinds = [[kind(block) for block in page] for page in ours]
    assert kinds[0] == kinds[1]
    for one, other in zip(*ours, strict=True):
        if "```" in one:
            assert code(one) == code(other)
        else:
            assert facts(one) == facts(other), f"{one}\n\n{other}"


def test_a_difference_would_be_noticed():
    text = (ROOT / "docs" / "grading.md").read_text("utf-8")
    page = blocks(text)
    tables = [block for block in page if kind(block) == "table"]
    assert facts(tables[0]) != facts(tables[0].rsplit("\n", 1)[0])
    assert facts("see `a` and 3 [x](y.md)") != facts("see `b` and 3 [x](y.md)")
    assert facts("see `a` and 3 [x](y.md)") != facts("see `a` and 4 [x](y.md)")
    assert facts("see `a` and 3 [x](y.md)") != facts("see `a` and 3 [x](z.md)")
    assert code("```\nlab 文件夹  # 说明\n```") == code("```\nlab FOLDER  # told\n```")
    assert [kind(one) for one in page].count("heading ##") == text.count("\n## ")
