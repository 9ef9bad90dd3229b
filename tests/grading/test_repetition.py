"""The repetition of a call that comes unasked: it is a call like another, or it is not used."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import numpy as np
import pytest

from lstm_lab.grading import Feedback, compare
from lstm_lab.grading.runner.submission import Submission
from lstm_lab.grading.sandbox.connection import Caller, SocketLine
from lstm_lab.grading.worker import child
from lstm_lab.grading.worker.codec import pack
from lstm_lab.grading.worker.host import Host


@pytest.fixture
def ask():
    """Return a submission of these functions behind a line, and the list of calls they get."""
    with contextlib.ExitStack() as stack:

        def start(wrong=None, **functions):
            ours, theirs = socket.socketpair()
            calls: list[str] = []

            def noted(name, function):
                def call(*args):
                    calls.append(name)
                    return function(*args)

                return call

            namespace = {name: noted(name, one) for name, one in functions.items()}
            host = Host(lambda: namespace)

            def serve():
                data = theirs.makefile("rb")
                while True:
                    parts: list[bytes] = []
                    try:
                        read = child._keeping(data.read, parts)
                        request, arguments = child.read_frame(read)
                        if wrong is None:
                            child._answer(host, request, arguments, parts, theirs.sendall)
                        else:
                            wrong(host, request, arguments, theirs.sendall)
                    except (child.ProtocolError, OSError):
                        return

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            stack.callback(thread.join, 5)
            stack.callback(theirs.close)
            stack.callback(ours.close)
            stack.callback(ours.shutdown, socket.SHUT_RDWR)
            caller = Caller(SocketLine(ours), grace=0.3)
            return Submission(caller, 0.5, lambda: 5.0), calls

        yield start


def settle(calls, n):
    """Wait until so many calls were made, and a moment longer for one too many."""
    until = time.monotonic() + 5
    while len(calls) < n and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(0.05)
    return len(calls)


def test_a_right_answer_is_called_twice_and_asked_once(ask):
    one, calls = ask(double=lambda x: 2 * x)
    x = np.ones((2, 3))
    compare(one.call("double", x), 2 * x)
    assert settle(calls, 2) == 2
    assert one.answers.count == 2  # numbers given: the call's and its repetition's


def test_the_repetition_gets_fresh_copies(ask):
    def spoil(x):
        total = x.sum()
        x[:] = 0
        return total

    one, _calls = ask(spoil=spoil)
    compare(one.call("spoil", np.ones(4)), 4.0, mutates=[0])


def test_memory_of_the_call_before_is_noticed(ask):
    seen: list[float] = []

    def remembers(x):
        seen.append(float(x.sum()))
        return sum(seen)

    one, _calls = ask(remembers=remembers)
    with pytest.raises(Feedback, match="two different answers"):
        compare(one.call("remembers", np.ones(4)), 4.0)


def test_what_it_prints_counts_only_where_it_is_used(ask):
    one, _calls = ask(says=lambda x: print("hello") or x)
    one.call("says", 1)
    one.call("says", 2)
    assert one.stdout == "hello\n" * 2
    compare(one.call("says", 3), 3)
    assert one.stdout == "hello\n" * 4


def test_a_repetition_that_nobody_wants_is_passed_over(ask):
    one, calls = ask(double=lambda x: 2 * x, square=lambda x: x * x)
    first = one.call("double", 3)
    assert one.call("square", 5).value == 25
    assert first.value == 6
    assert first.again().value == 6  # asked for anew
    assert settle(calls, 6) == 6
    assert one.call("square", 4).value == 16


def slow(x):
    time.sleep(2 * child.QUICK)
    return x


def fails(x):
    raise ValueError("no")


@pytest.mark.parametrize("function", [slow, fails])
def test_what_is_slow_or_fails_is_not_repeated_unasked(ask, function):
    one, calls = ask(f=function)
    result = one.call("f", 1)
    assert settle(calls, 1) == 1
    assert (result.error is None) == (function is slow)
    result.again()
    assert settle(calls, 2) in (2, 3)  # asked for, it is a call like the first


def promises(then):
    """Return a peer that says that the repetition comes, and then does something else."""

    def wrong(host, request, arguments, send):
        facts, body = host.run(request, arguments)
        send(pack({"id": request["id"], "again": True, **facts}, body))
        then(request, send)

    return wrong


@pytest.mark.parametrize(
    ("then", "kind"),
    [
        (lambda request, send: None, "hung"),
        (lambda request, send: send(b"garbage" * 9), "protocol"),
        (lambda request, send: send(pack({"id": request["id"], "error": None}, (8, {}))),
         "protocol"),
        (lambda request, send: send(pack({"id": [request["again"]], "error": None}, (8, {}))),
         "protocol"),
    ],
    ids=["nothing", "garbage", "the same number", "a number of another type"],
)  # fmt: skip
def test_a_broken_promise_is_trouble_of_the_answer(ask, then, kind):
    for wanted in (True, False):
        one, _calls = ask(wrong=promises(then), f=lambda x: 2 * x)
        started = time.monotonic()
        result = one.call("f", 4)
        assert result.value == 8
        after = result.again() if wanted else one.call("f", 5)
        assert after.error is not None
        assert after.error.kind == kind
        assert one.stopped == kind
        assert time.monotonic() - started < 5


def test_a_promise_that_was_not_asked_for_is_not_believed(ask):
    one, _calls = ask(wrong=promises(lambda request, send: None), f=lambda x: 2 * x)
    facts, value = one.answers.call({"op": "call", "name": "f", "seconds": 0.5}, (2,), {})
    assert facts["again"] is None
    assert value == (4, {})
    assert one.answers.call({"op": "call", "name": "f", "seconds": 0.5}, (3,), {})[1] == (6, {})


def test_the_answer_to_one_call_never_stands_for_another(ask):
    """A peer that sends the repetition first: its numbers tell."""

    def swapped(host, request, arguments, send):
        facts, body = host.run(request, arguments)
        ready = pack({"id": request["again"], "again": True, **facts}, body)
        send(ready)
        send(ready)

    one, _calls = ask(wrong=swapped, f=lambda x: 2 * x)
    assert one.call("f", 1).error.kind == "protocol"
