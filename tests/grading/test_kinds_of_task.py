"""Two kinds of task on toys: naming a fault from arrays, and training within a budget."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from toy_course import write_course

from lstm_lab.grading.batch.cluster import course_files
from lstm_lab.grading.exercises import find_exercise
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.messages.diagnosing import RIGHT, Case, judge_diagnoses
from lstm_lab.grading.messages.feedback import Feedback
from lstm_lab.grading.messages.training import WeakMargin, judge_training
from lstm_lab.grading.notebook.kernel import Check
from lstm_lab.grading.result import Result
from lstm_lab.grading.sources import CodeCell, Document
from lstm_lab.grading.worker.extract import extract, run

HEAD = """\
# ---
# lstm_lab:
#   allow: [numpy]
#   torch: false
#   seconds: 20
# ---

# %% name="setup"
import numpy as np

"""
CELL = (
    HEAD.replace("20", "4")
    + """\
# %% name="cell" task=true minutes=1 difficulty=1
def cell(x, h, W_x, W_h):
    ### BEGIN SOLUTION
    a = x @ W_x.T + h @ W_h.T
    return np.tanh(a), a
    ### END SOLUTION
"""
)
MISTAKES = """
from lstm_lab.grading import Mistake

MISTAKES = {
    "cell": [
        Mistake("no_state", ("x @ W_x.T + h @ W_h.T", "x @ W_x.T"), "no state", "没有状态"),
        Mistake("turned", ("h @ W_h.T", "h @ W_h"), "turned", "转置"),
        Mistake("swapped", ("x @ W_x.T + h @ W_h.T", "h @ W_x.T + x @ W_h.T"), "swap", "换"),
        Mistake("endless", body="while True:\\n    pass", en="endless", zh="无尽"),
    ],
}
"""
CELL_TESTS = """
import pytest
from lstm_lab.grading import compare


@pytest.mark.points(1, task="cell")
def test_cell(submission, solution, rng):
    args = [rng.normal(size=s) for s in ((2, 3), (2, 4), (4, 3), (4, 4))]
    compare(submission.call("cell", *args), solution.call("cell", *args).value)
"""
CLINIC = (
    HEAD
    + """\
# %% name="diagnose" task=true minutes=1 difficulty=1
def diagnose(x, h, W_x, W_h, y, a):
    ### BEGIN SOLUTION
    def close(*other):
        return np.allclose(a, sum(other))
    if close(x @ W_x.T, h @ W_h.T):
        return "right"
    return "no_state" if close(x @ W_x.T) else "turned" if close(x @ W_x.T, h @ W_h) else "swapped"
    ### END SOLUTION

# %% name="train" task=true minutes=1 difficulty=1
def train(x, y, updates, seed):
    ### BEGIN SOLUTION
    w = 0.1 * np.random.default_rng(seed).normal(size=x.shape[1])
    losses = []
    for _ in range(updates):
        error = x @ w - y
        losses.append(np.mean(error**2))
        w = w - 0.3 * x.T @ error / len(x)
    return w, losses
    ### END SOLUTION

# %% name="predict" task=true minutes=1 difficulty=1
def predict(w, x):
    ### BEGIN SOLUTION
    return x @ w
    ### END SOLUTION
"""
)
CLINIC_TESTS = """
import numpy as np
import pytest
from lstm_lab.grading import compare, judge_diagnoses, judge_training, value_of

NAMES = ["no_state", "turned", "swapped"]


@pytest.mark.points(4, task="diagnose")
def test_diagnose(submission, mistakes, rng):
    cases = []
    for batch, inputs, hidden in ((2, 3, 4), (1, 4, 4), (5, 2, 3)):
        shapes = (batch, inputs), (batch, hidden), (hidden, inputs), (hidden, hidden)
        cases += mistakes("cell").cases("cell", *(rng.normal(size=s) for s in shapes), names=NAMES)
    nothing = [np.zeros(s) for s in ((2, 3), (2, 3), (3, 3), (3, 3))]
    cases += mistakes("cell").cases("cell", *nothing, names=NAMES)
    judge_diagnoses(submission, "diagnose", cases, rng)


@pytest.mark.points(3, task="train")
def test_train(submission, solution, rng):
    x, w = rng.normal(size=(60, 5)), rng.normal(size=5)
    y = x @ w + 0.1 * rng.normal(size=60)

    def program(who, updates, seed):
        w, losses = value_of(who.call("train", x[:40], y[:40], updates, seed), ("w", "losses"))
        return losses, who.call("predict", w, x[40:])

    judge_training(program, submission, solution, held_out=y[40:], baseline=y[:40].mean(),
                   updates=60, margin=0.5)


@pytest.mark.points(1, task="predict")
def test_predict(submission, solution, rng):
    w, x = rng.normal(size=5), rng.normal(size=(3, 5))
    compare(submission.call("predict", w, x), solution.call("predict", w, x))
"""

DIAGNOSE = "def diagnose(x, h, W_x, W_h, y, a):\n"
SUM = "    s = x @ W_x.T + h @ W_h.T\n"
TRAIN = """def train(x, y, updates, seed):
    w, losses = np.zeros(x.shape[1]), []
    for _ in range({n}):
        error = x @ w - y
        losses.append(float(np.mean(error ** 2)))
        w = w {step} * x.T @ error / len(x)
    return {returned}
"""
PREDICT = "def predict(w, x):\n    return x @ w\n"


def trained(n="updates", step="- 0.3", returned="w, losses"):
    return TRAIN.format(n=n, step=step, returned=returned)


RIGHT_DIAGNOSE = (
    DIAGNOSE
    + SUM
    + (
        "    for name, s in (('right', s), ('no_state', x @ W_x.T), ('turned', x @ W_x.T +"
        " h @ W_h)):\n"
        "        if np.abs(s - a).max() < 1e-9:\n            return name\n    return 'swapped'\n"
    )
)
# task: its answer, and a fragment of what is said of it
WRONG = {
    "only right or not": (
        "diagnose", DIAGNOSE + SUM + "    return 'right' if np.allclose(s, a) else 'turned'\n",
        "calls different faults all turned",
    ),
    "tolerance too wide": (
        "diagnose", DIAGNOSE + "    return 'right'\n", "calls a faulty program right",
    ),
    "tolerance too small": (
        "diagnose", DIAGNOSE + "    return 'no_state'\n", "calls a right program no_state",
    ),
    "another name": ("diagnose", DIAGNOSE + "    return 'typo'\n", "none of the names: no_state"),
    "no text": ("diagnose", DIAGNOSE + "    return 3\n", "the name of a fault, a text"),
    "calls counted": (
        "diagnose",
        "seen = []\n" + DIAGNOSE + "    seen.append(1)\n"
        "    return ['right', 'no_state', 'turned', 'swapped'][(len(seen) - 1) % 4]\n",
        "is right on",
    ),
    "wrong sign": ("train", trained(step="+ 0.3"), "no better than the baseline"),
    "diverges": ("train", trained(step="- 1e9", n="updates"), "diverged"),
    "slow": ("train", trained(step="- 0.003"), "better than the baseline"),
    "over budget": ("train", trained(n="2 * updates", step="- 0.3"), "budget is 60"),
    "weights alone": ("train", trained(returned="w"), "should return 2 things (w, losses)"),
    "no losses": ("train", trained(returned="w, None"), "one number an update"),
    "forged losses": (
        "train", trained(step="- 0", returned="w, [1 / (n + 1) for n in range(updates)]"),
        "Held-out error",
    ),
    "endless": ("train", "def train(x, y, updates, seed):\n    while True:\n        pass\n",
                "did not come to an end"),
}  # fmt: skip


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    root = tmp_path_factory.mktemp("clinic")
    write_course(root, "01_clinic", CLINIC, CLINIC_TESTS)
    folder = root / "lessons" / "cell"
    folder.mkdir()
    (folder / "exercise.py").write_text(CELL, "utf-8")
    (folder / "mistakes.py").write_text(MISTAKES, "utf-8")
    (folder / "test_exercise.py").write_text(CELL_TESTS, "utf-8")
    listed = root / "lessons" / "course.toml"
    listed.write_text('[[part]]\nlessons = ["cell", "clinic"]\n', "utf-8")
    return find_exercise("clinic", root)


@pytest.fixture(scope="module")
def handout(clinic, grader, tmp_path_factory):
    root = tmp_path_factory.mktemp("handout") / "course"
    skip = shutil.ignore_patterns("exercise.py", "mistakes.py", "__pycache__")
    shutil.copytree(clinic.root, root, ignore=skip)
    found = find_exercise("clinic", root)
    found.record_path.write_bytes(grader.record(clinic)[1])
    return found


@pytest.fixture(scope="module")
def handout_grader():
    with Grader() as one:
        yield one


def document(**changed):
    answers = {"diagnose": RIGHT_DIAGNOSE, "train": trained(), "predict": PREDICT, **changed}
    texts = ["import numpy as np", *answers.values()]
    return Document(Path("made.py"), tuple(CodeCell(t, f"<cell {n}>") for n, t in enumerate(texts)))


def in_kernel(exercise, made, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_ROOT", str(exercise.root))
    namespace = {"__name__": "__main__"}
    run(extract(made.wire(), exercise.tasks), namespace)
    check = Check(exercise)
    try:
        return check.run(namespace).rows
    finally:
        check.close()


def test_right_answers_pass_in_sandbox_kernel_and_handout(
    clinic, grader, handout, handout_grader, monkeypatch
):
    graded = grader.grade(clinic, document())
    assert graded.earned == graded.points == 8, graded.rows
    assert in_kernel(clinic, document(), monkeypatch) == graded.rows
    assert handout_grader.grade(handout, document()).rows == graded.rows
    with Grader(b"secret") as hidden:
        assert hidden.grade(clinic, document()).earned == 8


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_told_by_its_symptom(kind, clinic, grader, handout, handout_grader):
    task, answer, fragment = WRONG[kind]
    made = document(**{task: answer})
    rows = {row["task"]: row for row in grader.grade(clinic, made).rows}
    assert rows[task]["earned"] == 0
    assert fragment in rows[task]["said"]["en"]
    assert {row["status"] for row in rows.values() if row["task"] != task} == {"passed"}
    if kind not in ("endless", "calls counted"):
        again = {row["task"]: row for row in handout_grader.grade(handout, made).rows}
        assert again == rows


def test_both_names_are_right_where_two_faults_return_the_same(clinic):
    from lstm_lab.grading.runner.faults import Faults
    from lstm_lab.grading.runner.run import load_solution

    solution = load_solution(clinic)
    rng = np.random.default_rng(0)
    x, h, W_x = (rng.normal(size=s) for s in ((2, 3), (2, 3), (3, 3)))
    names = ["no_state", "turned", "swapped", "endless"]
    cases = Faults("cell", lambda: solution).cases("cell", x, h, W_x, np.eye(3), names=names)
    # with the identity as W_h its transpose changes nothing
    assert {case.names for case in cases} == {
        frozenset({RIGHT, "turned"}), frozenset({"no_state"}), frozenset({"swapped"})
    }  # fmt: skip
    with pytest.raises(Exception, match="no mistake 'other'"):
        Faults("cell", lambda: solution).cases("cell", x, h, W_x, np.eye(3), names=["other"])


def test_what_goes_to_another_machine_holds_the_mistakes_of_the_other_exercise(clinic, tmp_path):
    for name, data in course_files(clinic).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    with Grader() as one:
        assert one.grade(find_exercise("clinic", tmp_path), document()).earned == 8


def test_a_record_holds_errors_of_training_and_no_weights(handout):
    with np.load(handout.record_path) as file:
        header = json.loads(file["header"].tobytes())
    assert [call[0] for call in header["calls"]["test_train"]] == ["training"]


class Says:
    """A submission and a solution of our own making."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def call(self, name, *args):
        return Result(value=self.answers.pop(0), name=name)

    def measured(self, name, about, measure):
        return measure(self)


def judge(submission, ours=0.0, **options):
    held = np.array([1.0, -1.0, 2.0])

    def program(who, updates, seed):
        return [1.0], who.call("predict")

    judge_training(program, Says(submission), Says(*[held + ours] * 3), held_out=held,
                   baseline=0.0, updates=10, **options)  # fmt: skip


def test_a_margin_that_the_solution_does_not_reach_is_the_exercises_fault():
    with pytest.raises(WeakMargin):
        judge(np.zeros(3), ours=5.0)


def test_who_trained_on_false_held_out_targets_is_told():
    decoy = np.array([-3.0, 4.0, 0.5])
    with pytest.raises(Feedback, match="those were false"):
        judge(decoy, decoy=decoy)
    with pytest.raises(Feedback, match="no better than the baseline"):
        judge(decoy)


@pytest.mark.parametrize("answer", [np.array([np.nan, 1, 2]), np.array([np.inf, 1, 2])])
def test_predictions_that_diverged_are_told(answer):
    with pytest.raises(Feedback, match="diverged"):
        judge(answer)


@pytest.mark.parametrize("answer", [np.zeros((3, 1)), np.zeros(2), None, "text", {0: 1.0}])
def test_predictions_of_another_form_are_told(answer):
    with pytest.raises(Feedback):
        judge(answer)


def test_what_is_told_of_hidden_cases_holds_no_numbers_and_no_names():
    with pytest.raises(Feedback) as caught:
        judge(np.array([9.876, 5.0, 5.0]))
    assert not any(c.isdigit() for c in caught.value.hidden["en"].replace("budget", ""))
    cases = [Case(frozenset({name}), (1,), 2) for name in ("turned", "swapped")]
    with pytest.raises(Feedback, match=r"right on 1 of 2 programs\. It takes") as caught:
        judge_diagnoses(Says("swapped", "swapped"), "f", cases, np.random.default_rng(0))
    assert "turned" not in caught.value.said["en"]
    assert "swapped" not in caught.value.hidden["en"]
