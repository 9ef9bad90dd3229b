"""`check()`: in good state after a loop, an interrupt, a lost helper; and in a real kernel."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from toy_course import write_course

from lstm_lab.errors import UserError
from lstm_lab.grading import exercise
from lstm_lab.grading.notebook.kernel import Check
from lstm_lab.layout import Layout

RIGHT = "def double(x):\n    return 2 * x\ndef center(x):\n    return x - x.mean(0), x.mean(0)\n"


@pytest.fixture
def check(toy, toy_course):
    one = Check(toy)
    yield one
    one.close()


def namespace(code=RIGHT):
    names = {"np": np, "__name__": "__main__"}
    exec(compile(code, "<cell>", "exec"), names)
    return names


def test_right_answers_get_all_points(check):
    report = check.run(namespace())
    assert report.passed
    assert (report.earned, report.points) == (6, 6)
    assert "6 of 6 points" in repr(report)


def test_one_task_runs_alone_and_unknown_ones_are_named(check):
    report = check.run(namespace(), "center")
    assert [row["test"] for row in report.rows] == ["test_center"]
    with pytest.raises(UserError, match="There is no task 'nope'; the tasks are: double, center"):
        check("nope")


def test_unknown_exercises_and_a_missing_course_are_one_sentence(toy_course, tmp_path, monkeypatch):
    with pytest.raises(UserError, match="There is no exercise '99'; there are: 07"):
        exercise("99")
    monkeypatch.delenv("LSTM_LAB_ROOT")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="No course found"):
        exercise("07")


def test_functions_are_looked_up_at_call_time_in_the_callers_globals(check):
    names = namespace("def double(x):\n    return x\n")
    names["check"] = check
    exec("first = check('double')", names)
    exec("def double(x):\n    return x + x\nsecond = check('double')", names)
    assert (names["first"].earned, names["second"].earned) == (0, 3)


def test_the_table_is_accessible_and_escaped(check, monkeypatch):
    code = (
        "def double(x):\n    print('<b>\\x1b[31m')\n"
        "    raise ValueError('<script>alert(1)</script>')\n"
    )
    report = check.run(namespace(code))
    page = report._repr_html_()
    assert page.count('<th scope="col"') == 5
    assert page.count('<th scope="row"') == len(report.rows)
    assert "<caption" in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page + repr(report)
    assert "<details>" in page
    assert "color:" not in page
    assert 'lang="en"' in page
    monkeypatch.setenv("LSTM_LAB_LANG", "zh")
    assert 'lang="zh-CN"' in report._repr_html_()
    assert "还不对" in report._repr_html_()


def test_only_the_first_message_of_a_task_is_told(check):
    report = check.run(namespace("def double(x):\n    return None\n"))
    assert repr(report).count("double returned None") == 1


def test_an_endless_loop_is_ended_and_other_tasks_are_tried(check):
    code = RIGHT + "def double(x):\n    while True:\n        pass\n"
    report = check.run(namespace(code))
    assert [row["status"] for row in report.rows] == ["failed", "not tried", "passed"]
    assert "did not come to an end" in report.rows[0]["said"]["en"]
    assert check.run(namespace()).passed


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_goes_through_and_leaves_all_in_good_state(check):
    started = threading.Event()
    names = namespace(RIGHT + "def double(x):\n    started.set()\n    while True:\n        pass\n")
    names["started"] = started

    def interrupt():
        started.wait(30)
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        check.run(names)
    thread.join()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert check.run(namespace()).passed


def test_a_helper_that_died_is_replaced(check):
    assert check.run(namespace()).passed
    check._helper.process.kill()
    check._helper.process.wait()
    assert check.run(namespace()).passed


def test_the_helper_ends_with_its_kernel(check):
    helper = check._helper
    helper.process.stdin.close()  # what the end of a kernel does
    assert helper.process.wait(20) == 0


def test_progress_is_recorded(check, toy_course):
    check.run(namespace(), "double")
    lines = (toy_course / "work" / "progress.jsonl").read_text("utf-8").splitlines()
    fact = json.loads(lines[-1])
    assert fact["kind"] == "check"
    assert (fact["exercise"], fact["task"], fact["earned"], fact["points"]) == (
        "toy",
        "double",
        3,
        3,
    )


def broken_course(tmp_path, toy_root, tests):
    text = Layout(toy_root)["toy"].exercise.read_text("utf-8")
    write_course(tmp_path, "07_toy", text, tests)


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        (
            "import pytest\nMARK = pytest.mark.points(1, task='double')\n",
            "No test of exercise 07 ran",
        ),
        ("import no_such_module\npytest.mark.points(1, task='double')\n", "no_such_module"),
        ("def test_it(submission):\n    pass\n", "needs @pytest.mark.points"),
    ],
    ids=["empty", "broken", "no points"],
)
def test_no_rows_is_an_error_never_a_pass(tmp_path, toy_root, monkeypatch, tests, words):
    broken_course(tmp_path, toy_root, tests)
    monkeypatch.setenv("LSTM_LAB_ROOT", str(tmp_path))
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    check = exercise("07")
    try:
        with pytest.raises(UserError, match=words):
            check.run(namespace())
    finally:
        check.close()


def test_changed_tests_are_collected_again(tmp_path, toy_root, monkeypatch):
    tests = Layout(toy_root)["toy"].tests.read_text("utf-8")
    broken_course(tmp_path, toy_root, tests)
    monkeypatch.setenv("LSTM_LAB_ROOT", str(tmp_path))
    check = exercise("07")
    try:
        assert check.run(namespace()).points == 6
        path = Layout(tmp_path)["toy"].tests
        path.write_text(tests.replace("points(3,", "points(5,"), "utf-8")
        os.utime(path, ns=(time.time_ns(), time.time_ns() + 10**9))
        assert check.run(namespace()).points == 8
    finally:
        check.close()


def test_plain_asserts_of_a_graded_test_never_show_what_was_expected(
    tmp_path, toy_root, monkeypatch
):
    tests = (
        "import pytest\n@pytest.mark.points(1, task='double')\n"
        "def test_double(submission):\n    assert submission.call('double', 1.0).value == 123.456\n"
    )
    broken_course(tmp_path, toy_root, tests)
    monkeypatch.setenv("LSTM_LAB_ROOT", str(tmp_path))
    check = exercise("07")
    try:
        report = check.run(namespace())
        assert report.earned == 0
        assert "123.456" not in repr(report) + report._repr_html_()
    finally:
        check.close()


def test_in_a_real_kernel_the_table_is_shown_and_the_helper_goes_when_it_goes(toy_course):
    cells = [
        "from lstm_lab.grading import exercise\ncheck = exercise('07')\nimport numpy as np",
        RIGHT.replace("2 * x", "x * x"),
        "check('double')",
        RIGHT,
        "check()",
        "import os; print(os.getpid(), check._helper.process.pid)",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    NotebookClient(book, timeout=120).execute()
    wrong, right = (book.cells[n].outputs[0]["data"] for n in (2, 4))
    assert "squared, not doubled" in wrong["text/html"]
    assert "squared, not doubled" in wrong["text/plain"]
    assert "6 of 6 points" in right["text/html"]
    pids = [int(word) for word in book.cells[5].outputs[0]["text"].split()]
    give_up = time.monotonic() + 20
    while os.path.exists(f"/proc/{pids[1]}") and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{pids[1]}")
