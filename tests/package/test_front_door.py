"""`from lstm_lab import …`: what is there, and what it does not cost."""

import importlib
import subprocess
import sys

import pytest

import lstm_lab
from lstm_lab import grading, plots

DOORS = [lstm_lab, plots, grading]


@pytest.mark.parametrize("package", DOORS, ids=lambda one: one.__name__)
def test_every_name_of_a_lazy_package_is_what_its_module_defines(package):
    named = set(package.__all__) - {"__version__"}
    assert named == set(package._HOMES)
    for name, home in package._HOMES.items():
        module = importlib.import_module(f"{package.__name__}.{home}")
        assert getattr(package, name) is getattr(module, name)
        assert name in dir(package)


def test_type_checkers_see_every_name(tmp_path):
    program = tmp_path / "program.py"
    names = sorted(set(lstm_lab.__all__) - {"__version__"})
    lines = [f"from lstm_lab import {name}\nreveal_type({name})" for name in names]
    program.write_text("\n".join(lines), "utf-8")
    words = [sys.executable, "-m", "mypy", "--no-incremental", "--follow-imports=silent"]
    done = subprocess.run([*words, str(program)], capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if "Revealed type" in line]
    assert len(told) == len(names), done.stdout
    assert [line for line in told if 'type is "Any"' in line] == []


def test_importing_it_loads_no_other_package():
    program = (
        "import sys; before = set(sys.modules); import lstm_lab; "
        "dir(lstm_lab); print({name.split('.')[0] for name in set(sys.modules) - before} "
        "& {'numpy', 'torch', 'matplotlib', 'numba', 'IPython', 'anywidget'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_numpy_names_leave_torch_and_matplotlib_alone():
    program = (
        "import sys; from lstm_lab import backward, check_gradients, fit, forward, save; "
        "print({'torch', 'matplotlib', 'anywidget'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'lstm_lab' has no attribute 'lstm'"):
        lstm_lab.lstm  # noqa: B018
    with pytest.raises(ImportError, match="lstm"):
        exec("from lstm_lab import lstm")


def test_one_step_by_the_front_door_is_the_torch_layer():
    import torch

    from lstm_lab import forward, from_torch

    layer = torch.nn.LSTM(3, 4).double()
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    ours = forward(from_torch(layer), x.numpy())
    assert abs(ours.h - layer(x)[0].detach().numpy()).max() < 1e-12
