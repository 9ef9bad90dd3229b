"""one_thread, and that nothing here imports torch before it is asked to."""

import subprocess
import sys

from lstm_lab.training import one_thread


def in_fresh_process(code):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout.split()


def test_one_thread_is_set_and_the_environment_left_alone():
    code = """
import os, sys
os.environ["OMP_NUM_THREADS"] = "3"
from lstm_lab.training import one_thread
print("torch" in sys.modules)
torch = one_thread()
print(torch.get_num_threads(), os.environ["OMP_NUM_THREADS"])
"""
    assert in_fresh_process(code) == ["False", "1", "3"]


def test_a_variable_that_was_not_there_is_not_left_behind():
    code = """
import os
os.environ.pop("OMP_NUM_THREADS", None)
from lstm_lab.training import one_thread
one_thread()
print("OMP_NUM_THREADS" in os.environ)
"""
    assert in_fresh_process(code) == ["False"]


def test_torch_is_not_imported_by_any_numeric_part():
    code = """
import sys
import lstm_lab.training, lstm_lab.tasks, lstm_lab.gradients, lstm_lab.interop
print("torch" in sys.modules, "keras" in sys.modules, "matplotlib" in sys.modules)
"""
    assert in_fresh_process(code) == ["False"] * 3


def test_it_may_be_called_again():
    torch = one_thread()
    torch.set_num_threads(2)
    assert one_thread() is torch
    assert torch.get_num_threads() == 1
