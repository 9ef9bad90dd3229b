"""One Chromium and one JupyterLab for all browser tests."""

from __future__ import annotations

import importlib.util
import os

import pytest

from tests.browser.chromium import HOW_TO_GET_ONE, browser_context, find_chromium
from tests.browser.jupyter import LabPage, copy_course, serve


def _missing() -> str | None:
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed: `python -m pip install playwright`"
    return None if find_chromium() else HOW_TO_GET_ONE


def stop_without_a_browser():
    """Skip on a person's machine, with a sentence that helps; fail in CI."""
    why = _missing()
    if why and os.environ.get("CI") == "true":
        pytest.fail(f"CI must run the browser tests; {why}")
    if why:
        pytest.skip(f"browser tests not run; {why}")


@pytest.fixture(scope="session")
def _can_browse():
    stop_without_a_browser()


@pytest.fixture(scope="session")
def server(_can_browse, tmp_path_factory):
    root = copy_course(tmp_path_factory.mktemp("a course"))
    with serve(root) as running:
        yield running


@pytest.fixture(scope="session")
def _context(_can_browse, tmp_path_factory):
    with browser_context(tmp_path_factory.mktemp("profile")) as (context, watch):
        yield context, watch


@pytest.fixture(scope="session")
def blank(_context):
    """An empty page beside JupyterLab's."""
    context, _watch = _context
    page = context.new_page()
    yield page
    page.close()


@pytest.fixture
def lab(server, _context):
    """A page in JupyterLab; at the end nothing went wrong on it and nothing left the machine."""
    context, watch = _context
    watch.clear()
    page = LabPage(context, server, watch)
    yield page
    page.leave()
    assert watch.outside == []
    assert watch.errors == []
