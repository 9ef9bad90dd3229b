"""Frames: what goes in comes out as a copy, and no bytes can do more than be refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lab.grading.worker import codec
from lstm_lab.grading.worker.codec import CannotCross, ProtocolError, decode, encode, read_frame

DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint64", "float16", "float32"]


def read(frame: bytes):
    position = 0

    def receive(n):
        nonlocal position
        position += n
        return frame[position - n : position]

    return read_frame(receive)


def frame(header, payload=b"", magic=codec.MAGIC):
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return codec.PREFIX.pack(magic, len(data), len(payload)) + data + payload


def same(a, b):
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(a, tuple | list):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return set(a) == set(b) and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and (a == b or (math.isnan(a) and math.isnan(b)))


plain = st.none() | st.booleans() | st.floats() | st.text() | st.integers(-(2**63), 2**63)
keys = st.text(max_size=5) | st.integers(-(2**63), 2**63)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
@settings(max_examples=200, deadline=None)
def test_plain_values_come_back_as_they_were(value):
    # lone surrogates cannot be written anywhere; they come as a question mark
    text = json.dumps(value, default=str)
    back = decode(encode(value))
    assert same(value, back) or "\\ud" in text


nestings = st.recursive(
    st.none() | st.integers(0, 3).map(lambda n: np.arange(n + 1.0)),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


@given(nestings, nestings)
@settings(max_examples=200, deadline=None)
def test_arrays_in_nested_tuples_and_dicts_come_back_in_their_places(output, state):
    value = (output, (state, {0: output, "c": state}))
    back = decode(encode(value))
    assert same(value, back)


@given(st.dictionaries(keys, st.integers(), min_size=1, max_size=5), st.randoms())
def test_a_dict_with_whole_numbers_as_keys_keeps_keys_order_and_types(found, shuffle):
    items = [(key, 1.5) for key in found]
    shuffle.shuffle(items)
    back = decode(encode(dict(items)))
    assert list(back.items()) == items
    assert [type(key) for key in back] == [type(key) for key, _ in items]


def test_an_old_dict_is_written_as_it_was():
    """Records and handouts made before hold these bytes."""
    assert b'["d", {"h": 1}]' in encode({"h": 1})
    assert b'["p", [[0, "a"], ["h", 1]]]' in encode({0: "a", "h": 1})


@pytest.mark.parametrize("dtype", [*DTYPES, ">f8", ">i4"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4)])
def test_arrays_come_back_as_copies_that_can_be_written(dtype, shape):
    array = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    back = decode(encode({"a": array}))["a"]
    assert back.dtype == np.dtype(dtype).newbyteorder("<")
    assert np.array_equal(back, array)
    assert back.flags.writeable
    assert type(back) is np.ndarray
    back[...] = 1
    assert array.size == 0 or not np.array_equal(array, back) or (array == 1).all()


def test_views_and_fortran_order_come_back_right():
    array = np.arange(12.0).reshape(3, 4)
    for view in (array.T, array[::2, ::-1], np.asfortranarray(array)):
        assert np.array_equal(decode(encode(view)), view)


def test_array_subclasses_arrive_as_plain_arrays():
    class Sly(np.ndarray):
        def __eq__(self, other):
            return True

        __hash__ = None

    back = decode(encode(np.arange(3.0).view(Sly)))
    assert type(back) is np.ndarray
    assert back.tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        object(),
        1j,
        np.array([1j]),
        np.array(["a"]),
        np.array([object()]),
        np.array([(1, 2)], dtype=[("a", int), ("b", int)]),
        {1.0: "a"},
        {True: "a"},
        {None: "a"},
        {(1, 2): "a"},
        {b"a": "a"},
        {np.int64(1): "a"},
        {2**70: "a"},
        2**70,
        lambda: 0,
        (x for x in "ab"),
        "a" * (codec.MAX_TEXT + 1),
        [0] * (codec.MAX_NODES + 1),
    ],
    ids=lambda v: type(v).__name__,
)
def test_what_may_not_cross_is_refused_before_it_is_sent(value):
    with pytest.raises(CannotCross):
        encode(value)


def test_a_list_that_holds_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(CannotCross):
        encode(endless)


def nested(n):
    tree = 0
    for _ in range(n):
        tree = ["l", [tree]]
    return tree


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"LLF1",
        b"XXXX" + b"\0" * 8,
        frame({"m": {}, "b": None, "a": []}, magic=b"LLF2"),
        frame(b"{"),
        frame(b"\xff\xfe"),
        frame(b"[" * 100_000),
        frame([1, 2]),
        frame({"m": {}, "b": None}),
        frame({"m": [], "b": None, "a": []}),
        frame({"m": {}, "b": None, "a": {}}),
        frame({"m": {}, "b": {}, "a": []}),
        frame({"m": {}, "b": ["x", 1], "a": []}),
        frame({"m": {}, "b": ["a", 0], "a": []}),
        frame({"m": {}, "b": ["a", -1], "a": [["<f8", []]]}, b"\0" * 8),
        frame({"m": {}, "b": ["a", True], "a": [["<f8", []]]}, b"\0" * 8),
        frame({"m": {}, "b": ["d", [1]], "a": []}),
        frame({"m": {}, "b": ["p", {}], "a": []}),
        frame({"m": {}, "b": ["p", [1]], "a": []}),
        frame({"m": {}, "b": ["p", [[1]]], "a": []}),
        frame({"m": {}, "b": ["p", [[1, 2, 3]]], "a": []}),
        frame({"m": {}, "b": ["p", [[1, 2], [1, 3]]], "a": []}),
        frame({"m": {}, "b": ["p", [["x", 2], ["x", 3]]], "a": []}),
        frame({"m": {}, "b": ["p", [[True, 2]]], "a": []}),
        frame({"m": {}, "b": ["p", [[None, 2]]], "a": []}),
        frame({"m": {}, "b": ["p", [[1.0, 2]]], "a": []}),
        frame({"m": {}, "b": ["p", [[["t", []], 2]]], "a": []}),
        frame({"m": {}, "b": ["p", [[2**70, 2]]], "a": []}),
        frame({"m": {}, "b": ["p", [[1, ["p", [[2, ["x", 0]]]]]]], "a": []}),
        frame({"m": {}, "b": ["p", [[n, 0] for n in range(30_000)]], "a": []}),
        frame({"m": {}, "b": nested(100), "a": []}),
        frame({"m": {}, "b": ["l", [0] * 30_000], "a": []}),
        frame({"m": {}, "b": 2**80, "a": []}),
        frame(b'{"m": {}, "a": [], "b": ' + b"9" * 10_000 + b"}"),
        frame({"m": {}, "b": ["a", 0], "a": [["|O", [1]]]}, b"\0" * 8),
        frame({"m": {}, "b": ["a", 0], "a": [["<f8", [2]]]}, b"\0" * 8),
        frame({"m": {}, "b": ["a", 0], "a": [["<f8", [1]]]}, b"\0" * 16),
        frame({"m": {}, "b": ["a", 0], "a": [["<f8", [-1]]]}, b"\0" * 8),
        frame({"m": {}, "b": ["a", 0], "a": [["<f8", [1.0]]]}, b"\0" * 8),
        frame({"m": {}, "b": ["a", 0], "a": [["<f8", [2**60, 2**60, 0]]]}),
        frame({"m": {}, "b": ["a", 0], "a": [["<f8", [1] * 40]]}, b"\0" * 8),
        frame({"m": {}, "b": ["a", 0], "a": [["<f8"]]}, b"\0" * 8),
        frame({"m": {}, "b": ["a", 0], "a": [[8, [1]]]}, b"\0" * 8),
    ],
)
def test_every_bad_frame_is_a_protocol_error_and_nothing_else(bad):
    with pytest.raises(ProtocolError):
        read(bad)


def test_lengths_are_held_against_the_caps_before_anything_is_read():
    asked = []

    def receive(n):
        asked.append(n)
        return codec.PREFIX.pack(codec.MAGIC, 10, codec.MAX_PAYLOAD + 1)[:n]

    with pytest.raises(ProtocolError):
        read_frame(receive)
    assert asked == [codec.PREFIX.size]


@given(st.binary(max_size=200), st.integers(0, 60), st.integers(1, 20))
@settings(max_examples=300, deadline=None)
def test_damaged_frames_never_raise_anything_else(noise, start, length):
    good = bytearray(codec.pack({"id": 1}, (np.arange(4.0), {"k": [1, "x"], 7: (2, {0: 1})})))
    good[start : start + length] = noise
    try:
        message, _body = read(bytes(good))
    except ProtocolError:
        return
    assert isinstance(message, dict)


def test_text_that_no_file_could_hold_is_made_harmless():
    value = decode(encode({"a\ud800": "x\udfff"}))
    assert value == {"a?": "x?"}
    json.dumps(value, ensure_ascii=False).encode("utf-8")
