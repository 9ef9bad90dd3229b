"""Walk the arrays inside parameters: a record, or tuples, lists and dicts of records.

A *record* is a frozen dataclass whose fields are arrays, other records, ``None`` for what
a variant lacks, or plain settings such as the name of an activation. Optimisers, gradient
checks and savers need only its arrays, in one fixed order, and a way back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar

import numpy as np

__all__ = ["arrays", "flatten", "is_setting", "map_arrays", "rebuild", "seeds_of", "unflatten"]

Tree = TypeVar("Tree")


def is_setting(value: Any) -> bool:
    """Tell whether a field is a plain setting of a record, or absent, and so is never trained.

    Examples
    --------
    >>> [is_setting(one) for one in ("tanh", True, 4, 0.5, None, np.zeros(2))]
    [True, True, True, True, True, False]
    """
    return value is None or isinstance(value, str | bool | int | float)


@cache
def _field_names(record: Any) -> tuple[str, ...]:
    # fields made by the record itself (init=False) follow from the others
    return tuple(f.name for f in dataclasses.fields(record) if f.init)


@cache
def _is_record(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind)


def _children(tree: Any) -> list[tuple[str, Any]]:
    kind: Any = type(tree)
    if _is_record(kind):
        return [(name, getattr(tree, name)) for name in _field_names(kind)]
    if isinstance(tree, dict):
        # sorted, so that gradients gathered in another order still meet their parameters
        return [(str(key), tree[key]) for key in sorted(tree, key=str)]
    if isinstance(tree, tuple | list):
        return [(str(n), value) for n, value in enumerate(tree)]
    return []  # a setting


def arrays(tree: Any, prefix: str = "") -> dict[str, np.ndarray]:
    """Return every array of `tree` under its path.

    Examples
    --------
    >>> arrays({"head": (np.zeros(2), np.ones(3))})
    {'head.0': array([0., 0.]), 'head.1': array([1., 1., 1.])}
    """
    if isinstance(tree, np.ndarray):
        return {prefix: tree}
    found = {}
    for name, child in _children(tree):
        found.update(arrays(child, f"{prefix}.{name}" if prefix else name))
    return found


def _leaves(tree: Any, into: list[np.ndarray]) -> list[np.ndarray]:
    kind: Any = type(tree)
    if isinstance(tree, np.ndarray):
        into.append(tree)
    elif _is_record(kind):
        for name in _field_names(kind):
            child = getattr(tree, name)
            if isinstance(child, np.ndarray):
                into.append(child)
            elif not is_setting(child):
                _leaves(child, into)
    else:
        for _, child in _children(tree):
            _leaves(child, into)
    return into


def _rebuild(tree: Any, leaves: Iterator[np.ndarray]) -> Any:
    if isinstance(tree, np.ndarray):
        return next(leaves)
    children = _children(tree)
    if not children:
        return tree
    built = {name: _rebuild(child, leaves) for name, child in children}
    kind: Any = type(tree)
    return kind(**built) if _is_record(kind) else _assembled(tree, built)


def _assembled(tree: Any, built: dict[str, Any]) -> Any:
    """Return a dict, tuple or list like `tree` of new children."""
    kind: Any = type(tree)
    if isinstance(tree, dict):
        return {key: built[str(key)] for key in tree}
    if hasattr(kind, "_fields"):  # a named tuple
        return kind(*built.values())
    return kind(built.values())


def rebuild(tree: Tree, leaves: list[np.ndarray]) -> Tree:
    """Return a tree like `tree` with other arrays, in the order of `arrays`."""
    rest = iter(leaves)
    built = _rebuild(tree, rest)
    if next(rest, None) is not None:
        raise ValueError("more arrays than the tree holds")
    return built


def map_arrays(function: Callable[..., np.ndarray], tree: Tree, *others: Any) -> Tree:
    """Apply `function` to each array of `tree` (and to its counterparts in `others`).

    Examples
    --------
    >>> map_arrays(lambda a: 2 * a, (np.ones(2), None))
    (array([2., 2.]), None)
    """
    columns = [_leaves(t, []) for t in (tree, *others)]
    return rebuild(tree, [function(*row) for row in zip(*columns, strict=True)])


def flatten(tree: Any) -> np.ndarray:
    """Return all arrays of `tree` as one fresh vector."""
    leaves = _leaves(tree, [])
    return np.concatenate([a.ravel() for a in leaves]) if leaves else np.zeros(0)


def unflatten(tree: Tree, vector: np.ndarray) -> Tree:
    """Return a tree like `tree` whose arrays are views of `vector`; undoes `flatten`.

    Examples
    --------
    >>> tree = (np.zeros((2, 2)), np.ones(1))
    >>> unflatten(tree, flatten(tree) + 1)
    (array([[1., 1.],
           [1., 1.]]), array([2.]))
    """
    return _refill(tree, vector, [0])


def _cut(like: np.ndarray, vector: np.ndarray, at: list[int]) -> np.ndarray:
    start = at[0]
    at[0] = end = start + like.size
    part = vector[start:end].reshape(like.shape)
    return part if part.dtype == like.dtype else part.astype(like.dtype)


def _refill(tree: Any, vector: np.ndarray, at: list[int]) -> Any:
    """Cut the arrays of `tree` out of `vector`, from position ``at[0]`` on."""
    if isinstance(tree, np.ndarray):
        return _cut(tree, vector, at)
    kind: Any = type(tree)
    if not _is_record(kind) or not hasattr(tree, "__dict__"):
        children = _children(tree)
        built = {name: _refill(child, vector, at) for name, child in children}
        if not children:
            return tree
        return kind(**built) if _is_record(kind) else _assembled(tree, built)
    # What the record checked once holds for the same shapes again, and an optimiser comes
    # by here at every step: the checks would cost more than Adam's arithmetic.
    twin = object.__new__(kind)
    fields = twin.__dict__
    fields.update(tree.__dict__)
    for name in _field_names(kind):
        child = fields[name]
        if isinstance(child, np.ndarray):
            fields[name] = _cut(child, vector, at)
        elif not is_setting(child):
            fields[name] = _refill(child, vector, at)
    return twin


def seeds_of(tree: Any) -> int | None:
    """Return the length of the seed dimension that the records of `tree` carry, if any."""
    if hasattr(type(tree), "seeds"):
        return tree.seeds
    if isinstance(tree, np.ndarray):
        return None
    for _, child in _children(tree):
        found = seeds_of(child)
        if found is not None:
            return found
    return None
