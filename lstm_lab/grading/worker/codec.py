"""Frames of a JSON header and raw array bytes: all that ever crosses, and never a pickle.

A frame is ``magic, header length, payload length, header, payload``. The header holds the
message, the tree of the body, and dtype and shape of each array; the payload holds the arrays
one after the other. Sizes are held against caps before anything is allocated, and an array's
dtype, shape and length against each other before it is built.
"""

from __future__ import annotations

import json
import math
import struct
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = [
    "CannotCross",
    "Prepared",
    "ProtocolError",
    "Tree",
    "decode",
    "encode",
    "pack",
    "read_frame",
]

MAGIC = b"LLF1"
PREFIX = struct.Struct("<4sII")
MAX_HEADER = 1 << 20
MAX_PAYLOAD = 1 << 26
MAX_NODES = 20_000
MAX_DEPTH = 24
MAX_TEXT = 1 << 18
MAX_NDIM = 8
DTYPES = frozenset(
    ["|b1", "|i1", "|u1"] + [f"<{kind}{size}" for kind in "iu" for size in (2, 4, 8)]
) | {"<f2", "<f4", "<f8"}
Tree = Any


class ProtocolError(Exception):
    """What came over the line is no frame, or one that is not allowed."""


class CannotCross(TypeError):
    """A value of a type that does not cross; `found` names the type."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class _Writer:
    """Turns values into a JSON tree and a list of arrays."""

    def __init__(self) -> None:
        self.arrays: list[np.ndarray] = []
        self.kinds: list[list[Any]] = []
        self.nodes = 0
        self.bytes = 0

    def array(self, value: Any, letter: str) -> Tree:
        # dtype.str of what is little-endian and plain; big-endian arrays are turned round.
        array = np.array(value, order="C", copy=None, subok=False)
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        if array.dtype.str not in DTYPES:
            raise CannotCross(f"array of dtype {array.dtype}")
        self.bytes += array.nbytes
        if self.bytes > MAX_PAYLOAD or array.ndim > MAX_NDIM:
            raise CannotCross(f"array of shape {array.shape}")
        self.arrays.append(array)
        self.kinds.append([array.dtype.str, list(array.shape)])
        return [letter, len(self.arrays) - 1]

    def tree(self, value: Any, depth: int = 0) -> Tree:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise CannotCross("structure too large or too deep")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, np.ndarray | np.generic):
            return self.array(value, "a")
        if isinstance(value, int):
            value = int(value)
            if value.bit_length() > 64:
                raise CannotCross("whole number of more than 64 bits")
            return value
        if isinstance(value, float):
            return float(value)
        if isinstance(value, str):
            if len(value) > MAX_TEXT:
                raise CannotCross("text of more than 262,144 characters")
            return str(value)
        if isinstance(value, list | tuple):
            letter = "l" if isinstance(value, list) else "t"
            return [letter, [self.tree(part, depth + 1) for part in value]]
        if isinstance(value, dict):
            if all(isinstance(key, str) for key in value):
                return ["d", {str(key): self.tree(part, depth + 1) for key, part in value.items()}]
            # keys of JSON are texts, so where one is a number all go as pairs
            return ["p", [[_key(k), self.tree(part, depth + 1)] for k, part in value.items()]]
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            try:
                return self.array(value.detach().cpu().resolve_conj().numpy(), "T")
            except (TypeError, RuntimeError):
                raise CannotCross(f"tensor of dtype {value.dtype}") from None
        raise CannotCross(type(value).__name__)


def _key(key: Any) -> str | int:
    if isinstance(key, str):
        return str(key)
    if not isinstance(key, int) or isinstance(key, bool) or int(key).bit_length() > 64:
        raise CannotCross("dict with keys that are neither str nor int")
    return int(key)


class Prepared:
    """A body that was looked through: packing it runs no code of the values in it.

    Raises
    ------
    CannotCross
        The body holds a value of a type, or of a size, that does not cross.
    """

    def __init__(self, body: Any) -> None:
        self.writer = _Writer()
        self.tree = self.writer.tree(body)


def pack(message: dict[str, Any], body: Any = None) -> bytes:
    """Return the frame of a message (plain JSON) and a body (values and arrays).

    The body may be `Prepared`.

    Raises
    ------
    CannotCross
        The body holds a value of a type, or of a size, that does not cross.
    """
    ready = body if isinstance(body, Prepared) else Prepared(body)
    writer = ready.writer
    header = json.dumps({"m": message, "b": ready.tree, "a": writer.kinds}).encode("ascii")
    if len(header) > MAX_HEADER:
        raise CannotCross("structure too large or too deep")
    parts = [PREFIX.pack(MAGIC, len(header), writer.bytes), header]
    parts += [array.tobytes() for array in writer.arrays]
    return b"".join(parts)


def encode(body: Any) -> bytes:
    """Return the frame of a bare value.

    Examples
    --------
    >>> decode(encode((1, [2.5, None], {"h": np.zeros(2)})))
    (1, [2.5, None], {'h': array([0., 0.])})
    """
    return pack({}, body)


def decode(frame: bytes, tensors: bool = False) -> Any:
    """Return the value in a frame made by `encode`: a copy that shares nothing with it."""
    view = memoryview(frame)
    position = 0

    def receive(n: int) -> bytes:
        nonlocal position
        position += n
        return bytes(view[position - n : position])

    return read_frame(receive, tensors=tensors)[1]


def _arrays(kinds: Any, payload: bytes) -> list[np.ndarray]:
    if type(kinds) is not list or len(kinds) > MAX_NODES:
        raise ProtocolError("list of arrays")
    arrays = []
    start = 0
    for kind in kinds:
        if type(kind) is not list or len(kind) != 2:
            raise ProtocolError("description of an array")
        dtype_name, shape = kind
        if type(dtype_name) is not str or dtype_name not in DTYPES:
            raise ProtocolError("dtype")
        if type(shape) is not list or len(shape) > MAX_NDIM:
            raise ProtocolError("shape")
        if not all(type(n) is int and 0 <= n <= MAX_PAYLOAD for n in shape):
            raise ProtocolError("shape")
        dtype = np.dtype(dtype_name)
        length = math.prod(shape) * dtype.itemsize
        if start + length > len(payload):
            raise ProtocolError("length of an array")
        raw = payload[start : start + length]
        arrays.append(np.frombuffer(raw, dtype=dtype).reshape(shape).copy())
        start += length
    if start != len(payload):
        raise ProtocolError("bytes left over")
    return arrays


class _Reader:
    def __init__(self, arrays: list[np.ndarray], tensors: bool) -> None:
        self.arrays = arrays
        self.tensors = tensors
        self.nodes = 0

    def value(self, tree: Any, depth: int = 0) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH + 1:
            raise ProtocolError("structure too large or too deep")
        kind = type(tree)
        if tree is None or kind is bool or kind is float:
            return tree
        if kind is int:
            if tree.bit_length() > 64:
                raise ProtocolError("whole number")
            return tree
        if kind is str:
            return clean(tree)
        if kind is not list or len(tree) != 2:
            raise ProtocolError("tree")
        letter, inside = tree
        if letter in ("a", "T"):
            if type(inside) is not int or not 0 <= inside < len(self.arrays):
                raise ProtocolError("index of an array")
            array = self.arrays[inside]
            return as_tensor(array) if letter == "T" and self.tensors else array
        if letter == "d" and type(inside) is dict:
            return {clean(key): self.value(part, depth + 1) for key, part in inside.items()}
        if letter == "p" and type(inside) is list:
            return self.pairs(inside, depth + 1)
        if letter in ("l", "t") and type(inside) is list:
            parts = [self.value(part, depth + 1) for part in inside]
            return parts if letter == "l" else tuple(parts)
        raise ProtocolError("tree")

    def pairs(self, inside: list[Any], depth: int) -> dict[str | int, Any]:
        found: dict[str | int, Any] = {}
        for pair in inside:
            if type(pair) is not list or len(pair) != 2:
                raise ProtocolError("pair of a dict")
            key, part = pair
            if type(key) is str:
                key = clean(key)
            elif type(key) is not int or key.bit_length() > 64:
                raise ProtocolError("key of a dict")
            if key in found:
                raise ProtocolError("key of a dict, twice")
            found[key] = self.value(part, depth)
        return found


def as_tensor(array: np.ndarray) -> Any:
    """Return the array as a torch tensor (torch is imported only here, where it is asked for)."""
    import torch

    return torch.from_numpy(np.array(array))


def clean(text: str) -> str:
    """Return the text without lone surrogates, which could be written nowhere."""
    return text[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def read_frame(
    receive: Callable[[int], bytes], tensors: bool = False
) -> tuple[dict[str, Any], Any]:
    """Read one frame.

    Parameters
    ----------
    receive : callable
        ``receive(n)`` returns exactly n bytes or raises.
    tensors : bool
        Build torch tensors from what was sent as a tensor; otherwise they come as arrays.

    Returns
    -------
    message : dict
    body : object

    Raises
    ------
    ProtocolError
        Whatever is wrong with the bytes. No other error comes from them.
    """
    magic, header_length, payload_length = PREFIX.unpack(_exactly(receive, PREFIX.size))
    if magic != MAGIC or header_length > MAX_HEADER or payload_length > MAX_PAYLOAD:
        raise ProtocolError("prefix")
    header_bytes = _exactly(receive, header_length)
    payload = _exactly(receive, payload_length)
    try:
        header = json.loads(header_bytes)
        if type(header) is not dict or set(header) != {"m", "b", "a"}:
            raise ProtocolError("header")
        message = header["m"]
        if type(message) is not dict:
            raise ProtocolError("message")
        return message, _Reader(_arrays(header["a"], payload), tensors).value(header["b"])
    except (ValueError, RecursionError, TypeError, OverflowError) as error:
        raise ProtocolError(type(error).__name__) from None


def _exactly(receive: Callable[[int], bytes], n: int) -> bytes:
    data = receive(n) if n else b""
    if len(data) != n:
        raise ProtocolError("frame cut short")
    return data
