"""Write models to a file and read them back: records of arrays in an npz, without pickle.

A file holds the arrays under readable names and one entry more, `HEADER`: JSON with the
version of this format and the structure around the arrays (which record is which cell's,
which activation, which tuple holds what). So ``numpy.load`` opens it without this package,
and reading it never runs code from it, as unpickling would.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lstm_lab.cells.params import Record
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers import Bidirectional, Stack
from lstm_lab.reasons import reason
from lstm_lab.records import arrays

__all__ = ["FORMAT", "HEADER", "check_like", "load", "save"]

FORMAT = 1  # goes up when a file can no longer be read by older versions of this module
HEADER = "lstm_lab.json"

_PLAIN = (bool, int, float, str)


def save(path: str | os.PathLike[str], model: Any, kind: str = "model") -> Path:
    """Write a model; an interruption leaves the file that was there before, whole.

    Parameters
    ----------
    path : path
        By custom ``something.npz``; taken as it is written.
    model : tree
        Parameters of a cell or of layers, a `LinearParams`, and tuples, lists and dicts of
        these, of arrays, of numbers and text.
    kind : str
        What `load` must ask for; training's checkpoints say ``"checkpoint"``.

    Returns
    -------
    Path

    Raises
    ------
    UserError
        Something in it cannot be written without pickle, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from lstm_lab.cells import lstm_init
    >>> from lstm_lab.layers import linear_init
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save(Path(folder) / "net.npz", (lstm_init(2, 3), linear_init(3, 1)))
    ...     load(path)
    (LSTMParams(W_x (12, 2), W_h (12, 3), b (12,), float64),
     LinearParams(W (1, 3), b (1,), float64))
    """
    path = Path(path)
    held: dict[str, np.ndarray] = {}
    header = {"format": FORMAT, "kind": kind, "tree": _described(model, "", held)}
    held[HEADER] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    half = path.with_name(f".{path.name}.half")
    try:
        with half.open("wb") as file:
            np.savez_compressed(file, **held)  # type: ignore[arg-type]
        half.replace(path)
    except OSError as error:
        raise UserError(f"{path}: {reason(error)}") from None
    finally:
        half.unlink(missing_ok=True)
    return path


def load(path: str | os.PathLike[str], like: Any = None, kind: str = "model") -> Any:
    """Read what `save` has written, and check it.

    Parameters
    ----------
    path : path
    like : tree, optional
        A model that the file's must equal in structure, kinds of cells and shapes.
    kind : str
        As given to `save`.

    Returns
    -------
    tree
        As it was saved, every array equal to the last bit.

    Raises
    ------
    UserError
        The file is missing, cut short or damaged, is none of ours, holds another kind of
        thing or another model than `like`, or was written by a newer format.
    """
    path = Path(path)
    header, held = _read(path)
    if header["format"] > FORMAT:
        raise UserError(
            _("{path}: written in format {found} by a newer lstm_lab; this one reads up to {known}")
            .format(path=path, found=header["format"], known=FORMAT)
        )  # fmt: skip
    if header["kind"] != kind:
        raise UserError(
            _("{path}: expected a file of the kind {want}, found {found}").format(
                path=path, want=repr(kind), found=repr(header["kind"])
            )
        )
    try:
        model = _assembled(header["tree"], held)
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    except (KeyError, TypeError, ValueError):
        raise _damaged(path) from None
    if like is not None:
        check_like(path, model, like)
    return model


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read header and arrays; every way in which a file can be no file of ours ends here."""
    try:
        # opened here, since numpy leaves a file open that is no zip after all
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            held = {name: file[name] for name in file.files}
        header = json.loads(held.pop(HEADER).tobytes())
        if not isinstance(header["format"], int) or "kind" not in header or "tree" not in header:
            raise _damaged(path)
    except OSError as error:
        # numpy and zipfile raise bare OSErrors for what they cannot make sense of
        raise (_damaged(path) if error.errno is None else UserError(f"{path}: {reason(error)}")) \
            from None  # fmt: skip
    except KeyError:
        raise UserError(
            _("{path}: it was not written by lstm_lab.saving.save").format(path=path)
        ) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, TypeError, AttributeError):
        raise _damaged(path) from None
    return header, held


def _damaged(path: Path) -> UserError:
    return UserError(
        _("{path}: cut short or damaged, or not written by lstm_lab.saving.save").format(path=path)
    )


@cache
def _records() -> dict[str, type]:
    """Every record of this package by name; what a learner derives from one is not saved."""
    found: dict[str, type] = {"Bidirectional": Bidirectional, "Stack": Stack}
    new = [Record]
    while new:
        kind = new.pop()
        new += kind.__subclasses__()
        if kind.__module__.startswith("lstm_lab."):
            found[kind.__name__] = kind
    return found


def _described(tree: Any, at: str, held: dict[str, np.ndarray]) -> Any:
    """Return the structure of `tree` as JSON, its arrays put into `held`."""
    if tree is None or isinstance(tree, _PLAIN):
        # NumPy's float64 is a float, and JSON would not give it back as what it was
        return {"array": _put(np.asarray(tree), at, held)} if isinstance(tree, np.generic) else tree
    if isinstance(tree, np.ndarray | np.generic) and not tree.dtype.hasobject:
        return {"array": _put(np.asarray(tree), at, held)}
    if isinstance(tree, bytes):
        return {"bytes": _put(np.frombuffer(tree, np.uint8), at, held)}
    kind: Any = type(tree)
    name = kind.__name__
    if kind in _records().values():
        fields = {
            f.name: _described(getattr(tree, f.name), _below(at, f.name), held)
            for f in dataclasses.fields(kind)
            if f.init
        }
        return {"record": name, "fields": fields}
    if isinstance(tree, dict) and all(type(key) in (str, int) for key in tree):
        return {"dict": [[k, _described(v, _below(at, k), held)] for k, v in tree.items()]}
    if kind in (tuple, list):
        return {name: [_described(v, _below(at, n), held) for n, v in enumerate(tree)]}
    raise UserError(
        _(
            "{name}: expected arrays, records of lstm_lab, numbers, text, or tuples, lists and "
            "dicts of these, found {kind}"
        ).format(name=at or "model", kind=name)
    )


def _below(at: str, name: Any) -> str:
    return f"{at}.{name}" if at else str(name)


def _put(array: np.ndarray, at: str, held: dict[str, np.ndarray]) -> str:
    # a name inside a zip ends at a NUL, and is told apart by nothing that hides
    name = re.sub(r"[^\w./-]", "_", at, flags=re.ASCII) or "array"
    while name in held or name == HEADER:  # {"a.b": …} beside {"a": {"b": …}}
        name += "'"
    held[name] = array
    return name


def _assembled(made: Any, held: dict[str, np.ndarray]) -> Any:
    """Undo `_described`."""
    if not isinstance(made, dict):
        return made
    form = next(iter(made))
    inside = made[form]
    if form == "array":
        return held[inside]
    if form == "bytes":
        return held[inside].tobytes()
    if form == "record":
        if inside not in _records():
            raise UserError(
                _("this version of lstm_lab knows no {kind}; there are: {known}").format(
                    kind=inside, known=", ".join(sorted(_records()))
                )
            )
        fields = {name: _assembled(value, held) for name, value in made["fields"].items()}
        return _records()[inside](**fields)  # which checks shapes and types
    if form == "dict":
        return {key: _assembled(value, held) for key, value in inside}
    if form in ("tuple", "list"):
        children = [_assembled(value, held) for value in inside]
        return tuple(children) if form == "tuple" else children
    raise ValueError(form)


def check_like(path: Any, model: Any, like: Any) -> None:
    """Refuse a model that is not `like` another in structure, kinds of cells and shapes.

    Examples
    --------
    >>> from lstm_lab.cells import rnn_init
    >>> check_like("net.npz", rnn_init(2, 3, seed=0), rnn_init(2, 3, seed=1))
    """
    # structure and kinds first: two cells may well agree in the shapes of some arrays
    found, want = (_skeleton(tree) for tree in (model, like))
    if found != want:
        raise UserError(
            _("{path}: expected {want}, found {found}").format(path=path, want=want, found=found)
        )
    theirs = arrays(like)
    for name, array in arrays(model).items():
        if array.shape != theirs[name].shape:
            raise UserError(
                _("{path}: {name}: expected shape {want}, found {found}").format(
                    path=path, name=name or "model", want=theirs[name].shape, found=array.shape
                )
            )


def _skeleton(tree: Any) -> str:
    """Write kinds without sizes: ``(LSTMParams(W_x, W_h, b), LinearParams(W, b))``."""
    if isinstance(tree, np.ndarray | np.generic):
        return "array"
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{k}: {_skeleton(v)}" for k, v in tree.items()) + "}"
    if isinstance(tree, tuple | list):
        inside = ", ".join(map(_skeleton, tree))
        return f"({inside})" if isinstance(tree, tuple) else f"[{inside}]"
    if dataclasses.is_dataclass(tree):
        inside = ", ".join(
            f"{f.name}={_skeleton(value)}" if not isinstance(value, np.ndarray) else f.name
            for f in dataclasses.fields(tree)
            if f.init and (value := getattr(tree, f.name)) is not None
        )
        return f"{type(tree).__name__}({inside})"
    return repr(tree)
