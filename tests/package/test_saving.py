"""Models to files and back: equal to the last bit, and a clear sentence for every bad file."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_lab import saving
from lstm_lab.cells import (
    CELLS,
    VARIANTS,
    LSTMParams,
    gru_init,
    lstm_init,
    memory_cell_init,
    rnn_init,
    variant_init,
)
from lstm_lab.errors import UserError
from lstm_lab.layers import Bidirectional, Stack, forward, linear_init
from lstm_lab.records import arrays
from lstm_lab.saving import FORMAT, HEADER, load, save


def same(one, other):
    assert type(one) is type(other)
    mine, theirs = arrays(one), arrays(other)
    assert list(mine) == list(theirs)
    for name, array in mine.items():
        assert array.dtype == theirs[name].dtype
        np.testing.assert_array_equal(array, theirs[name])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "net.npz"


def models():
    for cell in CELLS.values():
        extra = {"blocks": 2, "cells": 2} if cell.init is memory_cell_init else {"H": 4}
        if cell.init is not variant_init:
            yield cell.init(I=3, **extra, seed=[0, 1])  # two nets, stacked
    for name in VARIANTS:
        yield variant_init(name, 3, 4)
    both = Bidirectional(lstm_init(3, 2), gru_init(3, 2))
    yield Stack((both, rnn_init(4, 2, activation="relu")), dropout=0.25), linear_init(2, 1)


@pytest.mark.parametrize("model", list(models()), ids=lambda m: type(m).__name__)
def test_every_kind_comes_back_and_says_the_same(path, model, rng):
    back = load(save(path, model), like=model)
    same(back, model)
    cell = model[0] if isinstance(model, tuple) else model
    x = rng.normal(size=(5, 2, 3))
    got = forward(back[0] if isinstance(model, tuple) else back, x).h
    np.testing.assert_array_equal(got, forward(cell, x).h)


def test_settings_and_float32_come_back(path):
    p = rnn_init(2, 3, activation="relu", dtype=np.float32)
    back = load(save(path, p))
    assert (back.activation, back.dtype) == ("relu", np.float32)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    | st.binary(max_size=9)
    | st.builds(np.arange, st.integers(0, 5), dtype=st.sampled_from([np.int8, np.float32]))
    | st.builds(np.float64, st.floats(allow_nan=False)),
    lambda inside: st.lists(inside, max_size=3) | st.lists(inside, max_size=3).map(tuple)
    | st.dictionaries(st.text(max_size=3) | st.integers(), inside, max_size=3),
    max_leaves=8,
)  # fmt: skip


def equal(one, other):
    if isinstance(one, np.ndarray | np.generic):
        return (
            one.dtype == other.dtype and np.shape(one) == np.shape(other) and np.all(one == other)
        )
    if isinstance(one, dict):
        return list(one) == list(other) and all(equal(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple):
        return (
            type(one) is type(other)
            and len(one) == len(other)
            and all(equal(a, b) for a, b in zip(one, other, strict=True))
        )
    return type(one) is type(other) and one == other


@given(tree=TREES)
def test_any_tree_comes_back(tmp_path_factory, tree):
    path = tmp_path_factory.mktemp("tree") / "tree.npz"
    assert equal(tree, load(save(path, tree)))


def test_numpy_alone_reads_the_arrays(path):
    p = lstm_init(2, 3)
    save(path, {"cell": p})
    with np.load(path, allow_pickle=False) as file:
        np.testing.assert_array_equal(file["cell.W_h"], p.W_h)
        header = json.loads(file[HEADER].tobytes())
    assert header["format"] == FORMAT
    assert header["tree"]["dict"][0][1]["record"] == "LSTMParams"


# ---------------------------------------------------------------- what cannot be written


@dataclass(frozen=True, eq=False, repr=False)
class Own(LSTMParams):
    """Somebody's own cell: its class will not be there when the file is read."""


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"f": len}, "f: expected arrays, .* found builtin_function_or_method"),
        ((np.array([None]),), "0: expected arrays, .* found ndarray"),
        ({(1, 2): 0}, "model: expected arrays, .* found dict"),
        ([Own(**lstm_init(1, 2).arrays())], "0: expected arrays, .* found Own"),
    ],
)
def test_what_would_need_pickle_is_refused(path, tree, message):
    with pytest.raises(UserError, match=message):
        save(path, tree)
    assert not list(path.parent.iterdir())


def test_a_folder_that_is_not_there(path):
    with pytest.raises(UserError, match=r"no\.npz: there is no such file or folder"):
        save(path.parent / "none" / "no.npz", 1)


def test_an_interruption_leaves_the_old_file(path, monkeypatch):
    save(path, "old")

    def stopped(file, **held):
        file.write(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(saving.np, "savez_compressed", stopped)
    with pytest.raises(KeyboardInterrupt):
        save(path, "new")
    assert load(path) == "old"
    assert list(path.parent.iterdir()) == [path]


# ---------------------------------------------------------------- what cannot be read


def test_a_file_cut_anywhere_is_damaged(path):
    whole = save(path, (lstm_init(1, 2), linear_init(2, 1))).read_bytes()
    for length in range(0, len(whole), 37):
        path.write_bytes(whole[:length])
        with pytest.raises(UserError, match=r"net\.npz: cut short or damaged"):
            load(path)


def test_a_byte_that_fell_over_changes_no_number(path):
    """What the file says of itself is not trusted: it is whole, or it is refused."""
    model = (lstm_init(1, 2), linear_init(2, 1))
    whole = save(path, model).read_bytes()
    refused = 0
    for at in range(0, len(whole), 11):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            same(load(path)[0], model[0])
        except UserError:
            refused += 1
    assert refused > 20


@pytest.mark.parametrize(
    "content", [b"", b"text", b"\x93NUMPY", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)], ids=repr
)
def test_what_is_no_npz(path, content):
    path.write_bytes(content)
    with pytest.raises(UserError, match="not written by lstm_lab"):
        load(path)


def rewritten(path: Path, **changes):
    with np.load(path) as file:
        held = dict(file)
    header = json.loads(held[HEADER].tobytes()) | changes
    np.savez(path, **held | {HEADER: np.frombuffer(json.dumps(header).encode(), np.uint8)})


def test_an_npz_of_somebody_else(path):
    np.savez(path, w=np.ones(3))
    with pytest.raises(UserError, match="it was not written by"):
        load(path)
    np.save(path.with_suffix(".npy"), np.ones(3))
    with pytest.raises(UserError, match="not written by"):
        load(path.with_suffix(".npy"))


def test_a_pickle_is_never_opened(path):
    import pickle

    class Trap:
        def __reduce__(self):
            return Path.touch, (path.with_name("sprung"),)

    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(UserError, match="not written by"):
        load(path)
    np.savez(path, **{HEADER: np.array([Trap()], object)})
    with pytest.raises(UserError, match="not written by"):
        load(path)
    assert not path.with_name("sprung").exists()


def test_missing_newer_and_other(path):
    with pytest.raises(UserError, match="there is no such file"):
        load(path)
    save(path, lstm_init(2, 3))
    with pytest.raises(UserError, match="expected a file of the kind 'checkpoint', found 'model'"):
        load(path, kind="checkpoint")
    rewritten(path, tree={"record": "PathParams", "fields": {}})
    with pytest.raises(UserError, match=r"knows no PathParams; there are: .*GRUParams"):
        load(path)
    rewritten(path, tree={"array": "gone"})
    with pytest.raises(UserError, match="cut short or damaged"):
        load(path)
    rewritten(path, format=FORMAT + 1)
    with pytest.raises(UserError, match="in format 2 by a newer lstm_lab; this one reads up to 1"):
        load(path)


def test_arrays_that_make_no_cell(path):
    save(path, lstm_init(2, 3))
    with np.load(path) as file:
        held = dict(file)
    np.savez(path, **held | {"b": np.ones(5)})
    with pytest.raises(UserError, match=r"net\.npz: b: expected shape \(12,\), found \(5,\)"):
        load(path)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ((gru_init(2, 3), linear_init(3, 1)), r"expected \(LSTMParams\(.*, found \(GRUParams\("),
        ((lstm_init(2, 4), linear_init(4, 1)), r"0\.W_x: expected shape \(12, 2\), found \(16, 2"),
        (lstm_init(2, 3), r"expected \(LSTMParams\(W_x, W_h, b\), LinearParams\(W, b\)\), found L"),
    ],
)
def test_another_model_than_the_one_expected(path, found, message):
    with pytest.raises(UserError, match=message):
        load(save(path, found), like=(lstm_init(2, 3), linear_init(3, 1)))
