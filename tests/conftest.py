"""What tests of all folders share."""

from __future__ import annotations

import signal

import pytest


@pytest.fixture
def ctrl_c():
    """SIGINT as in a terminal, for this process and those that it starts.

    A script in the background and nohup switch it off; then it stays off, as Python leaves it: the
    course does not switch it on, and these tests do it themselves.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
