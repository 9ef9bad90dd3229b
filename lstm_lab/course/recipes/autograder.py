"""The zip that Gradescope's programming assignments take."""

from __future__ import annotations

import io
import shlex
import zipfile
from importlib.resources import files
from pathlib import Path

from lstm_lab.course.files import write
from lstm_lab.course.handout.contents import contents
from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _

__all__ = ["autograder_zip"]

_TIME = (1980, 1, 1, 0, 0, 0)  # the same course gives the same zip
_SCRIPTS = ("setup.sh", "run_autograder")


def autograder_zip(exercise: Exercise, out: Path, key: bytes = b"", trust: bool = False) -> int:
    """Write the zip for one exercise; return how many bytes it has.

    It holds the two scripts, the course with this exercise's solution and mistakes, and the key.
    Students see none of it: Gradescope builds an image from it, in which submissions are graded.

    Parameters
    ----------
    exercise : Exercise
    out : Path
        A ``.zip``.
    key : bytes
        From which inputs are drawn; without it they are those of `check`.
    trust : bool
        Grade even where hostile code cannot be held.
    """
    if out.suffix.lower() != ".zip":
        raise UserError(_("{out}: name a file that ends in .zip.").format(out=out))
    solution = exercise.solution_path
    if not solution.is_file():
        raise UserError(
            _("Exercise {number} has no solution here: {path} is missing.").format(
                number=exercise.number, path=solution
            )
        )
    root = exercise.root
    inside = {f"course/{name}": data for name, data in contents(root, tuple(LANGUAGES))}
    # its table of mistakes goes along: from it students are told which one they made
    for path in filter(Path.is_file, (*exercise.own_files, *exercise.borrowed)):
        inside[f"course/{path.relative_to(root).as_posix()}"] = path.read_bytes()
    settings = {
        "exercise": exercise.slug,
        "key": "key" if key else "",
        "trust": "yes" if trust else "",
    }
    lines = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
    inside["settings"] = ("\n".join(lines) + "\n").encode()
    if key:
        inside["key"] = key
    scripts = files("lstm_lab.course.recipes") / "gradescope"
    for name in _SCRIPTS:
        inside[name] = (scripts / name).read_bytes()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(inside.items()):
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o755 if name in _SCRIPTS else 0o644) << 16
            archive.writestr(info, data)
    write(out, made.getvalue())
    return len(made.getvalue())
