"""Submissions that want to read, write, reach or take what is not theirs.

Each attack runs twice in its test: in an ordinary process, where it must succeed (else it proves
nothing), and as a submission, where it must not. Harm is bounded in both: loopback only, tens of
processes, megabytes, seconds; and everything that a test starts it ends by its process id.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from hostile.arena import arena_in, attempt, code_of, prove, run_at, succeeded
from hostile.reach import OPEN, WALLED

from lstm_lab.grading.runner.run import Run
from lstm_lab.grading.sandbox.processes import Sandbox, is_isolated, isolation_level

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the layers that hold are Linux's"
)


@pytest.fixture(scope="module", params=["all layers", "no namespaces"])
def walled(request, toy):
    """The levels for hostile code; rlimits alone are for trusted submissions."""
    with run_at(request.param, toy) as one:
        # an ordinary user may have no namespaces (Ubuntu); the other two must always hold
        assert is_isolated(one.sandbox.level)
        assert request.param == "all layers" or "namespaces" not in one.sandbox.level
        yield one


@pytest.mark.parametrize("name", WALLED)
def test_an_attack_that_works_elsewhere_is_held_by_the_layers(name, walled, make, tmp_path):
    code = code_of(WALLED, name)
    prove(name, code, tmp_path)
    with arena_in(tmp_path / "arena") as arena:
        result = attempt(walled, make, arena.fill(code))
        assert not succeeded(result.value, arena), result


@pytest.fixture(scope="module", params=OPEN)
def single(request, toy):
    """One layer without the others, where a kernel grants no more."""
    one = Run(toy, sandbox=Sandbox(layers=(request.param,)))
    try:
        assert one.sandbox.level == f"process+rlimits+{request.param}"
        yield request.param, one
    finally:
        one.close()
        one.sandbox.close()


@pytest.mark.parametrize("name", WALLED)
def test_each_layer_alone_holds_what_it_covers(name, single, make, tmp_path):
    layer, one = single
    if name in OPEN[layer]:
        assert not is_isolated(one.sandbox.level)  # and so the batch refuses
        return
    code = code_of(WALLED, name)
    prove(name, code, tmp_path)
    with arena_in(tmp_path / "arena") as arena:
        result = attempt(one, make, arena.fill(code))
        assert not succeeded(result.value, arena), result


@pytest.fixture(scope="module", params=["all layers", "no namespaces", "rlimits only"])
def run(request, toy):
    with run_at(request.param, toy) as one:
        yield one


def test_what_one_submission_wrote_the_next_does_not_find(run, make, tmp_path):
    code = """
    import os
    def double(x):
        seen = os.path.exists("inputs") or os.path.exists("../inputs")
        for path in ("inputs", "../inputs"):
            try:
                open(path, "a").write(repr(x))
            except OSError:
                pass
        return seen
    """
    (tmp_path / "a").mkdir()
    script = tmp_path / "a" / "script.py"
    script.write_text(textwrap.dedent(code) + "print(double(1.5))\n")
    seen = [
        subprocess.check_output([sys.executable, str(script)], cwd=script.parent, text=True)
        for _ in range(2)
    ]
    assert [one.strip() for one in seen] == ["False", "True"]  # where nothing is cleared away
    assert [attempt(run, make, code).value for _ in range(2)] == [False, False]


def test_this_machine_has_all_layers_or_says_which():
    assert isolation_level().startswith("process+rlimits")
