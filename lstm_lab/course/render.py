"""From sources to notebooks: languages apart, answers out, navigation and task cards in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lstm_lab.course.folds import first_line, kinds
from lstm_lab.course.markdown import headings
from lstm_lab.course.notebook import NotebookCell, notebook_bytes
from lstm_lab.course.one_language import in_language
from lstm_lab.course.source import Source
from lstm_lab.course.strip import show_answer, stub
from lstm_lab.i18n import LANGUAGES, tr
from lstm_lab.layout import Layout

__all__ = ["Course", "number_text", "render"]

_LINK = re.compile(r"(?<=\]\()(?P<folder>[^)\s#]*/)?(?P<slug>[a-z]\w*)(?=\.ipynb[)\s#])")


@dataclass(frozen=True)
class Course:
    """All sources in order, and the points of each exercise's tasks."""

    layout: Layout
    lessons: list[Source]
    exercises: list[Source]
    points: dict[str, dict[str, float]]
    appendices: list[Source] = field(default_factory=list)

    def pair(self, source: Source) -> Source | None:
        """The exercise of a lesson, the lesson of an exercise."""
        others = self.exercises if source.kind == "lesson" else self.lessons
        return next((other for other in others if other.slug == source.slug), None)


def render(course: Course) -> dict[str, bytes]:
    """Return every notebook of the course by its path from the course root."""
    files = {}
    for lang in LANGUAGES:
        for lesson in [*course.lessons, *course.appendices]:
            files[_place(lesson, "lesson", lang)] = _notebook(course, lesson, "lesson", lang)
        for exercise in course.exercises:
            for kind in ("exercise", "solution"):
                files[_place(exercise, kind, lang)] = _notebook(course, exercise, kind, lang)
    return files


def _place(source: Source, kind: str, lang: str) -> str:
    return source.lesson.inside(source.lesson.built(kind, lang))


def _notebook(course: Course, source: Source, kind: str, lang: str) -> bytes:
    cells = [NotebookCell("markdown", _top(course, source, kind, lang), anchor="<top>")]
    cards, folded = _card_places(source), kinds(source)
    for at, cell in enumerate(source.cells):
        if cell.kind == "markdown":
            if cell.lang == lang:
                text = _fill(cell.text, course, lang)
                if at in cards:
                    text = _under_heading(text, _card(course, source, cards[at], lang))
                cells.append(NotebookCell("markdown", text))
            continue
        if at in cards:
            card = _card(course, source, cards[at], lang)
            cells.append(NotebookCell("markdown", card, anchor=f"<card {cell.name}>"))
        text = cell.text
        if cell.task:
            text = stub(text) if kind == "exercise" else show_answer(text)
        text = in_language(text, lang)
        if at in folded:
            text = f"{first_line(folded[at], lang)}\n{text}"
        cells.append(NotebookCell("code", text, cell.name, cell.task, folded=at in folded))
    cells.append(NotebookCell("markdown", _end(course, source, kind, lang), anchor="<end>"))
    facts: dict[str, Any] = {
        "kind": kind,
        "number": source.number,
        "slug": source.slug,
        "lang": lang,
        "version": source.version,
        "title": source.header.title[lang],
        "summary": source.header.summary[lang],
        "minutes": source.minutes,
    }
    if source.kind == "exercise":
        facts |= {
            "allow": list(source.header.allow),
            "torch": source.header.torch,
            "seconds": source.header.seconds,
            "points": course.points[source.slug],
        }
    # The same in exercise and solution, so that an answer is found in either.
    return notebook_bytes(f"{source.kind} {source.slug}", cells, facts)


def number_text(number: float) -> str:
    """Write a number without a tail of zeros.

    Examples
    --------
    >>> number_text(4.0), number_text(1.5)
    ('4', '1.5')
    """
    return f"{number:g}"


def _hours(minutes: int, lang: str) -> str:
    hours = number_text(round(minutes / 60, 1))
    return tr(en=f"{hours} h", zh=f"{hours} 小时", lang=lang)


def _fill(text: str, course: Course, lang: str) -> str:
    lessons = sum(source.minutes for source in course.lessons)
    exercises = sum(source.minutes for source in course.exercises)
    text = text.replace("{{lesson_hours}}", _hours(lessons, lang))
    text = text.replace("{{exercise_hours}}", _hours(exercises, lang))
    for one in course.layout.lessons:
        text = text.replace("{{" + one.slug + "}}", one.number)
    text = _LINK.sub(lambda link: (link["folder"] or "") + _name(course, link["slug"]), text)
    return text.replace("{{contents}}", _contents(course, lang))


def _name(course: Course, slug: str) -> str:
    found = course.layout.find(slug)
    return found.name if found else slug


def _contents(course: Course, lang: str) -> str:
    lines = [
        tr(
            en="| | Lesson | Reading | Exercise |\n|---|:---|---:|:---|",
            zh="| | 课程 | 阅读 | 练习 |\n|---|:---|---:|:---|",
            lang=lang,
        )
    ]
    for lesson in course.lessons:
        title, summary = lesson.header.title[lang], lesson.header.summary[lang]
        exercise = course.pair(lesson)
        beside = ""
        if exercise is not None:
            words = tr(
                en="{minutes} min, {points} points", zh="{minutes} 分钟，{points} 分", lang=lang
            ).format(
                minutes=exercise.minutes,
                points=number_text(sum(course.points[exercise.slug].values())),
            )
            beside = f"[{words}](../../exercises/{lang}/{exercise.name}.ipynb)"
        minutes = tr(en=f"{lesson.minutes} min", zh=f"{lesson.minutes} 分钟", lang=lang)
        lines.append(
            f"| {lesson.number} | [{title}]({lesson.name}.ipynb)<br>{summary} "
            f"| {minutes} | {beside} |"
        )
    for appendix in course.appendices:
        title, summary = appendix.header.title[lang], appendix.header.summary[lang]
        minutes = tr(en=f"{appendix.minutes} min", zh=f"{appendix.minutes} 分钟", lang=lang)
        mark, beside = tr(en="A", zh="附", lang=lang), tr(en="optional", zh="选读", lang=lang)
        lines.append(
            f"| {mark} | [{title}]({appendix.name}.ipynb)<br>{summary} | {minutes} | {beside} |"
        )
    return "\n".join(lines)


def _card_places(source: Source) -> dict[int, int]:
    """Map the index of a cell that carries a task card to the index of its task cell.

    That is the first Markdown cell with a heading between the task and the code above it
    (one in each language); a task without any has its card in a cell of its own.
    """
    places: dict[int, int] = {}
    for at, cell in enumerate(source.cells):
        if not cell.task:
            continue
        start = at
        while start > 0 and source.cells[start - 1].kind == "markdown":
            start -= 1
        found = {}
        for above in range(start, at):
            lang = source.cells[above].lang
            if lang and lang not in found and headings(source.cells[above].text):
                found[lang] = above
        for place in found.values() if len(found) == len(LANGUAGES) else [at]:
            places[place] = at
    return places


def _card(course: Course, source: Source, at: int, lang: str) -> str:
    task = source.cells[at]
    number = source.tasks.index(task) + 1
    points = course.points[source.slug].get(task.name or "", 0)
    dots = "●" * task.difficulty + "○" * (5 - task.difficulty)
    return tr(
        en="**Task {number}** · {points} {unit} · {minutes} min · "
        '<span title="difficulty {difficulty} of 5">{dots}</span>',
        zh="**第 {number} 题** · {points} 分 · {minutes} 分钟 · "
        '<span title="难度 {difficulty}/5">{dots}</span>',
        lang=lang,
    ).format(
        number=number,
        points=number_text(points),
        unit="point" if points == 1 else "points",
        minutes=task.minutes,
        difficulty=task.difficulty,
        dots=dots,
    )


def _under_heading(text: str, card: str) -> str:
    line = headings(text)[0][2]
    lines = text.split("\n")
    return "\n".join([*lines[: line + 1], "", card, *lines[line + 1 :]])


def _link(source: Source, kind: str, lang: str, words: str) -> str:
    return f"[{words}](../../{_place(source, kind, lang)})"


def _in_other_language(source: Source, kind: str, lang: str) -> str:
    link = _link(source, kind, lang, tr(en="English", zh="中文", lang=lang))
    if kind != "exercise":
        return link
    # Shown under the mouse: the other copy does not know the answers written in this one.
    hint = tr(
        en="lstm-lab update {slug} --lang {lang} brings your answers along",
        zh="lstm-lab update {slug} --lang {lang} 会把你的答案带过来",
        lang=lang,
    ).format(slug=source.slug, lang=lang)
    return link.removesuffix(")") + f' "{hint}")'


def _pair_link(course: Course, source: Source, lang: str) -> str | None:
    other = course.pair(source)
    if other is None:
        return None
    words = (
        tr(en="Exercise {number}", zh="练习 {number}", lang=lang)
        if other.kind == "exercise"
        else tr(en="Lesson {number}", zh="第 {number} 课", lang=lang)
    )
    return _link(other, other.kind, lang, words.format(number=other.number))


def _neighbours(course: Course, source: Source) -> tuple[Source | None, Source | None]:
    if source.appendix:
        return None, None
    row = course.lessons if source.kind == "lesson" else course.exercises
    at = row.index(source)
    return (row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None)


def _contents_link(course: Course, source: Source, lang: str) -> str | None:
    first = course.lessons[0] if course.lessons else None
    if first is None or first is source:
        return None
    return _link(first, "lesson", lang, tr(en="Contents", zh="目录", lang=lang))


def _top(course: Course, source: Source, kind: str, lang: str) -> str:
    before, after = _neighbours(course, source)
    other_lang = next(other for other in LANGUAGES if other != lang)
    row = [
        _link(before, kind, lang, f"← {before.number}") if before else None,
        _contents_link(course, source, lang),
        _pair_link(course, source, lang),
        _in_other_language(source, kind, other_lang),
        _link(after, kind, lang, f"{after.number} →") if after else None,
    ]
    label = {
        "lesson": "",
        "exercise": tr(en="Exercise ", zh="练习 ", lang=lang),
        "solution": tr(en="Solution ", zh="参考答案 ", lang=lang),
    }[kind]
    appendix = tr(en="Appendix", zh="附录", lang=lang)
    about = [tr(en=f"{source.minutes} minutes", zh=f"{source.minutes} 分钟", lang=lang)]
    if kind != "lesson":
        points = number_text(sum(course.points[source.slug].values()))
        about.append(tr(en=f"{points} points", zh=f"{points} 分", lang=lang))
    return "\n".join(
        [
            " · ".join(entry for entry in row if entry),
            "",
            f"# {label}{source.number or appendix} · {source.header.title[lang]}",
            "",
            source.header.summary[lang],
            "",
            " · ".join(about),
        ]
    )


def _end(course: Course, source: Source, kind: str, lang: str) -> str:
    _before, after = _neighbours(course, source)
    if source.kind == "exercise":
        # From an exercise the road leads on to the next lesson.
        lesson = course.pair(source)
        after = _neighbours(course, lesson)[1] if lesson else None
    onwards = None
    if after is not None:
        words = tr(en="Next: {number} · {title}", zh="下一课：{number} · {title}", lang=lang)
        onwards = _link(
            after,
            "lesson",
            lang,
            words.format(number=after.number, title=after.header.title[lang]) + " →",
        )
    row = [
        _contents_link(course, source, lang),
        _pair_link(course, source, lang),
        onwards,
    ]
    return "---\n\n" + " · ".join(entry for entry in row if entry)
