"""What happens where there is no browser, and that nothing leaves the machine."""

import pytest

from tests.browser.chromium import HOW_TO_GET_ONE, Watch
from tests.browser.conftest import stop_without_a_browser


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "no-such-browser"))


def test_a_person_without_a_browser_is_told_how_to_get_one(nowhere, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception) as skipped:
        stop_without_a_browser()
    assert HOW_TO_GET_ONE in str(skipped.value)


def test_in_ci_a_missing_browser_is_a_failure(nowhere, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must run the browser tests"):
        stop_without_a_browser()


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("http://127.0.0.1:8888/lab", True),
        ("http://localhost:1/x.js", True),
        ("blob:http://127.0.0.1:8888/1", True),
        ("data:image/png;base64,AA", True),
        ("https://cdn.example/x.js", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_only_this_machine_counts_as_inside(url, inside):
    assert Watch._inside(url) is inside


def test_a_request_to_the_network_is_blocked_and_recorded(lab):
    lab.notebook("1 + 1")
    failed = lab.page.evaluate(
        "() => fetch('https://lstm-lab.invalid/x').then(() => false, () => true)"
    )
    assert failed
    assert lab.watch.outside == ["https://lstm-lab.invalid/x"]
    lab.watch.clear()
