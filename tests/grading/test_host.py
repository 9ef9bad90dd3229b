"""A call is a call everywhere: copies, capture, facts for errors, and a limit that holds."""

from __future__ import annotations

import signal
import threading
import time

import numpy as np
import pytest

from lstm_lab.grading.worker.codec import decode, pack
from lstm_lab.grading.worker.deadline import Deadline, DeadlinePassed
from lstm_lab.grading.worker.host import Host

CODE = """
import warnings
import numpy as np

def add(x, y=1):
    return x + y

def inplace(x, y):
    x += 1
    return y

def loud(n):
    print("a" * n)
    warnings.warn("careful")
    return n

def inner(x):
    raise KeyError("gone")

def outer(x):
    return inner(x)

def loop():
    while True:
        pass

def stubborn():
    while True:
        try:
            while True:
                pass
        except Exception:
            pass

def strange():
    return {1, 2}

def leave():
    raise SystemExit(3)

class Bomb(Exception):
    def __str__(self):
        raise ValueError

def bomb():
    raise Bomb
"""


@pytest.fixture
def ask():
    namespace = {"__name__": "learner"}
    exec(compile(CODE, "<learner>", "exec"), namespace)
    host = Host(lambda: namespace)

    def ask_one(name, *args, seconds=5, **kwargs):
        facts, body = host.run({"op": "call", "name": name, "seconds": seconds}, (args, kwargs))
        return facts, decode(pack({}, body))

    return ask_one


def test_a_value_comes_back_and_arguments_are_left_alone(ask):
    facts, (value, changed) = ask("add", np.ones(2), y=np.ones(2))
    assert facts["error"] is None
    assert value.tolist() == [2.0, 2.0]
    assert changed == {}


def test_a_changed_argument_is_reported_with_its_new_value(ask):
    _, (_value, changed) = ask("inplace", np.zeros(2), np.zeros(2))
    assert list(changed) == ["0"]
    assert changed["0"].tolist() == [1.0, 1.0]


def test_printing_is_caught_and_capped_and_warnings_are_kept(ask, capsys):
    facts, (value, _) = ask("loud", 10**6)
    assert value == 10**6
    assert len(facts["stdout"]) == 1 << 16
    assert facts["warnings"][0]["text"] == "careful"
    assert capsys.readouterr().out == ""


def test_an_error_names_the_deepest_line_of_the_learner(ask):
    error = ask("outer", 1)[0]["error"]
    assert (error["kind"], error["type"], error["function"]) == ("raised", "KeyError", "inner")
    assert CODE.splitlines()[error["line"] - 1] == '    raise KeyError("gone")'


@pytest.mark.parametrize("name", ["leave", "bomb"])
def test_exits_and_bombs_in_exceptions_are_facts(ask, name):
    assert ask(name)[0]["error"]["kind"] == "raised"


def test_what_cannot_cross_and_what_is_not_there_are_facts(ask):
    assert ask("strange")[0]["error"] == {"kind": "cannot cross", "type": "set"}
    assert ask("nothing")[0]["error"]["kind"] == "missing"


@pytest.mark.parametrize("name", ["loop", "stubborn"])
def test_an_endless_loop_is_ended_and_the_line_named(ask, name):
    error = ask(name, seconds=0.2)[0]["error"]
    assert error["kind"] == "timeout"
    assert error["function"] == name


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="alarm signals are POSIX")
def test_the_learners_own_alarm_handler_is_put_back(ask):
    def own(*_):
        return None

    old = signal.signal(signal.SIGALRM, own)
    try:
        ask("loop", seconds=0.1)
        assert signal.getsignal(signal.SIGALRM) is own
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    finally:
        signal.signal(signal.SIGALRM, old)


def test_a_keyboard_interrupt_of_the_user_goes_through():
    def interrupted():
        raise KeyboardInterrupt

    host = Host(lambda: {"f": interrupted}, passes=(KeyboardInterrupt,))
    with pytest.raises(KeyboardInterrupt):
        host.run({"op": "call", "name": "f", "seconds": 5}, ((), {}))


def test_the_timer_way_ends_a_loop_in_another_thread_and_leaves_nothing_behind():
    outcome = []

    def work():
        try:
            with Deadline(0.1):
                while True:
                    pass
        except DeadlinePassed:
            outcome.append("ended")
        outcome.append(sum(range(10)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert outcome == ["ended", 45]


@pytest.mark.usefixtures("ctrl_c")
def test_the_timer_way_ends_a_loop_in_the_main_thread_as_on_windows():
    limit = Deadline(0.1)
    limit._alarm = False

    def loop():
        with limit:
            while True:
                pass

    with pytest.raises(DeadlinePassed):
        loop()
    # nothing comes later
    time.sleep(0.3)
    with Deadline(5) as quiet:
        assert not quiet.fired


def test_no_limit_means_no_timer():
    with Deadline(None) as limit:
        assert limit._timer is None
