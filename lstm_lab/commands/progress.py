"""Sum up what the learner has done so far: exercises checked, predictions made."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lstm_lab import progress
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language
from lstm_lab.paths import course_root

if TYPE_CHECKING:
    from rich.table import Table

HELP = "show exercises checked and predictions made"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--predictions", action="store_true", help=_("also list each prediction beside its value")
    )


def run(args: Namespace) -> int:
    from rich.console import Console

    root = course_root()
    facts = progress.read(root)
    if not facts:
        print(_("Nothing recorded yet: it begins with your first prediction or check."))
        return 0
    console = Console()
    console.print(_overview(root, facts))
    if args.predictions:
        console.print(_predictions(facts))
    return 0


def _overview(root: Path, facts: list[progress.Fact]) -> Table:
    from rich.table import Table

    from lstm_lab.course.catalogue import published

    lang = language()
    exercises = {one.slug: one for one in published(root, "exercise", lang)}
    best = progress.best_points(facts)
    predicted = progress.last_predictions(facts)
    table = Table(box=None)
    table.add_column("")
    table.add_column(_("lesson"))
    table.add_column(_("predictions"), justify="right")
    table.add_column(_("tasks"), justify="right")
    table.add_column(_("points"), justify="right")
    table.add_column(_("last"))
    for lesson in published(root, "lesson", lang):
        exercise = exercises.get(lesson.slug)
        results = best.get(lesson.slug, {})
        tasks = points = ""
        if exercise is not None:
            # What is possible is told by the course; a record may be of an older text.
            done = sum(
                earned >= possible > 0
                for task, (earned, possible) in results.items()
                if task in exercise.points
            )
            earned = sum(results.get(task, (0, 0))[0] for task in exercise.points)
            tasks = f"{done}/{len(exercise.points)}"
            points = f"{earned:g}/{sum(exercise.points.values()):g}"
        made = sum(name in predicted for name in lesson.predictions)
        asked = f"{made}/{len(lesson.predictions)}" if lesson.predictions else ""
        table.add_row(lesson.number, lesson.title, asked, tasks, points, _last(lesson.slug, facts))
    return table


def _last(slug: str, facts: list[progress.Fact]) -> str:
    for fact in reversed(facts):
        if fact.get("exercise") == slug or str(fact.get("id", "")).startswith(f"{slug}-"):
            try:
                return datetime.fromisoformat(str(fact.get("time"))).astimezone().date().isoformat()
            except ValueError:
                return ""
    return ""


def _predictions(facts: list[progress.Fact]) -> Table:
    from rich.table import Table

    table = Table(box=None)
    for title in (_("prediction"), _("you said"), _("it was")):
        table.add_column(title)
    for name, fact in progress.last_predictions(facts).items():
        table.add_row(
            name, *(_brief(fact.get(part), bool(fact.get("form"))) for part in ("guess", "value"))
        )
    return table


def _brief(value: Any, places: bool = False) -> str:
    if value is None:
        return "–"
    if isinstance(value, list) and places:
        return " ".join(str(k + 1) for k in value) or "–"
    if isinstance(value, list):
        return _("a curve")
    return f"{value:.3g}" if isinstance(value, float) else str(value)
