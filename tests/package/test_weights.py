"""Every shipped network: script, seed, file, loader and test stand where they belong."""

import importlib
from pathlib import Path

import pytest

from lstm_lab.errors import UserError
from lstm_lab.weights import names, path_of, shipped

TESTS = Path(__file__).parent


@pytest.mark.parametrize("name", names())
def test_a_network_is_whole(name):
    folder = path_of(name).parent
    found = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
    assert found == {"__init__.py", "make.py", "README.md", f"{name}.npz"}
    text = (folder / "README.md").read_text(encoding="utf-8")
    for must in (f"python -m lstm_lab.weights.{name}.make", "seeds", "Adam", "MIT"):
        assert must in text
    assert f"test_weights_{name}.py" in text
    assert (TESTS / f"test_weights_{name}.py").exists()
    assert callable(importlib.import_module(f"lstm_lab.weights.{name}.make").main)
    assert importlib.import_module(f"lstm_lab.weights.{name}").load()
    assert shipped(name)


def test_a_network_that_is_not_there():
    with pytest.raises(UserError, match="name: expected one of 'repair', found 'repairs'"):
        shipped("repairs")
