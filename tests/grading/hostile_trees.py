"""Classes in which one student's names, links and zips are as bad as a disk or a zip allows."""

from __future__ import annotations

import contextlib
import io
import os
import random
import zipfile
from pathlib import Path

__all__ = ["HONEST", "make_tree"]

HONEST = ("Ann Lee", "张三", "Zoe Öz")
_LETTERS = ["a", "B", "é", "作", "\U00020000", "\u202e", "\x1b[31m", "\n", ";", "=", "@", "'", " "]


def make_tree(folder: Path, seed: int, book: str) -> Path:
    """Write a class of three honest students and some hostile ones; return what to grade.

    Parameters
    ----------
    folder : Path
        Where to write.
    seed : int
    book : str
        The notebook that each of the honest hands in.
    """
    rng = random.Random(seed)
    files = {f"{name}_{n}_assignsubmission_file/07_toy.ipynb": book for n, name in enumerate(
        HONEST, 4711)}  # fmt: skip
    whole = rng.random() < 0.4
    bad = {}
    for n in range(rng.randint(1, 4)):
        start = rng.choice(["0", "B", "x", "李", "~", "\U00020001"]) + f"ob_{n}"
        for name, data in _bad_files(rng, book):
            bad[f"{start}_{n}_assignsubmission_file/{name}"] = data
    if whole:  # one zip of the class, as platforms hand it out
        path = folder / "class.zip"
        path.write_bytes(_zipped(rng, files | bad))
        return path
    inside = folder / "class"
    inside.mkdir()
    for name, data in files.items():
        if rng.random() < 0.3:
            top, _, rest = name.partition("/")
            (inside / f"{top}.zip").write_bytes(_zipped(rng, {rest: data}))
        else:
            _write(inside / name, data)
    for n, (name, data) in enumerate(bad.items()):
        if rng.random() < 0.3:
            ending = rng.choice([".zip", ".ZIP", ".Zip"])
            top = name.partition("_assign")[0]
            _write(inside / f"{top}_{n // 3}{ending}", _zipped(rng, {name: data}))
        else:
            _write(inside / name, data)
    for n in range(rng.randint(0, 3)):
        _odd(rng, inside, n)
    return inside


def _bad_files(rng: random.Random, book: str) -> list[tuple[str, str | bytes]]:
    name = "".join(rng.choices(_LETTERS, k=rng.choice([3, 40, 130])))
    kinds: list[list[tuple[str, str | bytes]]] = [
        [(f"{name}.ipynb", book)],
        [(f"{name * 9}_07_toy.ipynb", book), (f"{name * 9}_07_toy_2.ipynb", book)],
        [("a", "x"), ("a/07_toy.ipynb", book)],
        [("b/07_toy.ipynb", book), ("b", "x")],
        [("d/" * rng.choice([30, 300, 1500]) + "07_toy.ipynb", book)],
        [("hw.ipynb", book), ("HW.ipynb", book), ("Hw.IPYNB", book)],
        [("in.zip", _zipped(rng, {"in.zip": _zipped(rng, {"a.py": "x"}), f"{name}.py": "x"}))],
        [("in.zip", b"PK\3\4 torn"), ("in.ZIP", b""), ("in/a.ipynb", book)],
        [("07_toy.ipynb", "[" * rng.choice([10, 100_000]))],
        [("07_toy.ipynb", book.encode(rng.choice(["utf-16", "gb18030", "utf-32"])))],
        [(f"{n}.ipynb", book + " " * n) for n in range(rng.choice([2, 30]))],
        [("../../07_toy.ipynb", book), ("submission_metadata.yml", " " * 3000)],
        [("x.py", "def double(x):\n    return '\\ud800\\x9b'\n"), ("y.py", b"\xff\x00")],
    ]
    return rng.choice(kinds)


def _zipped(rng: random.Random, files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    names = list(files)
    rng.shuffle(names)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name.replace("\n", "_"), files[name])
    return out.getvalue()


def _write(path: Path, data: str | bytes) -> None:
    """Write a file, if a disk can hold it."""
    if ".." in path.parts or len(path.parts) > 400:
        path = path.parent.parent.parent / "deep.ipynb" if ".." in path.parts else path
    with contextlib.suppress(OSError, RecursionError):
        os.makedirs(path.parent, exist_ok=True)
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)


def _odd(rng: random.Random, inside: Path, n: int) -> None:
    """Put something at the top, or into a folder there, that is no file."""
    own = inside / f"odd{n}"
    own.mkdir()
    (own / "07_toy.ipynb").write_text("{}", "utf-8")
    place = rng.choice([inside, own])
    targets = ["x" * 300, ".", "loop", "/dev/zero", "/root/secret", "\udcff" * 90, "y/" * 2000]
    kind = rng.randrange(4)
    if kind == 0:
        with contextlib.suppress(OSError):
            os.symlink(rng.choice(targets), place / rng.choice(["link", "loop", "07.ipynb"]))
    elif kind == 1:
        os.mkfifo(place / f"pipe{n}.ipynb")
    elif kind == 2:
        here = os.open(own, os.O_RDONLY)
        for _depth in range(rng.choice([100, 1500])):  # longer than any path may be
            os.mkdir("d", dir_fd=here)
            there = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = there
        os.close(here)
    else:
        (own / "shut").mkdir()
        (own / "shut").chmod(0o000)
