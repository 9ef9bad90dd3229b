"""From one submission to its record: status, reasons, rows and points."""

from __future__ import annotations

from lstm_lab.errors import UserError
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.intake import Intake
from lstm_lab.grading.messages.feedback import Said, say
from lstm_lab.grading.messages.words import problem_said
from lstm_lab.grading.record import Record
from lstm_lab.grading.sandbox.processes import isolation_level
from lstm_lab.grading.sources import NotReadable, readable

__all__ = ["ATTENTION", "OK", "blank_record", "graded_record"]

OK = "ok"
ATTENTION = "needs attention"


def graded_record(grader: Grader, one: Intake) -> Record:
    """Grade a submission and say what came of it; whatever it does, there is a record."""
    assert one.exercise is not None
    try:
        document = one.with_document().document
    except NotReadable as error:
        return blank_record(one, ATTENTION, [error.said])
    assert document is not None
    reasons = [*([one.problem] if one.problem else []), *document.notes]
    for last_try in (False, True):
        try:
            graded = grader.grade(one.exercise, document)
            break
        except UserError:  # the course's tests do not load: no submission is at fault
            raise
        except Exception as error:
            if last_try:
                return blank_record(
                    one, ATTENTION, [say("the grader ended: {why}", why=str(error))]
                )
    for problem in graded.facts["problems"]:
        said = problem_said(problem)
        if said is not None:
            reasons.append(said)
    for task, kind in graded.facts["stopped"].items():
        if kind in ("timeout", "hung"):
            reasons.append(say("{task}: stopped at its time limit", task=task))
        else:
            reasons.append(say("{task}: its process ended", task=task))
    if any(row["status"] == "error" for row in graded.rows):
        reasons.append(say("a graded test itself failed: please report this"))
    record = blank_record(one, ATTENTION if reasons else OK, reasons)
    return record | {
        "rows": graded.rows,
        "earned": graded.earned,
        "points": graded.points,
        "seconds": round(graded.facts["seconds"], 4),
        "level": graded.facts["level"],
        "answers": graded.facts.get("answers", {}),
    }


def blank_record(one: Intake, status: str, reasons: list[Said]) -> Record:
    """Return the record of a submission that has no points (yet)."""
    return {
        "student": one.student,
        "number": one.owner.number,
        "exercise": one.exercise.number if one.exercise else "",
        "title": one.exercise.name if one.exercise else "",
        "file": readable(one.origin),
        "status": status,
        "reasons": reasons,
        "lang": one.lang,
        "rows": [],
        "earned": None,
        "points": None,
        "seconds": None,
        "level": isolation_level(),
        "answers": {},
    }
