"""What `lab.py test` gives to pytest."""

from __future__ import annotations

__all__ = ["pytest_words"]

_ALONE = {"-s", "--pdb", "--collect-only", "--co", "-n0"}


def pytest_words(words: list[str]) -> list[str]:
    """Return pytest's arguments; a run of a whole tier is spread over the cores.

    Examples
    --------
    >>> pytest_words(["--quick"])
    ['-n', 'auto', '--dist', 'loadgroup', '-m', 'fast']
    >>> pytest_words(["tests/course", "-k", "copies"])
    ['tests/course', '-k', 'copies']
    """
    quick = [word for word in words if word != "--quick"]
    if len(quick) < len(words):
        quick += ["-m", "fast"]
    # a folder, a file or -k: what is chosen by hand starts sooner without workers, and shows prints
    alone = any(not word.startswith("-") or word in _ALONE for word in words)
    return quick if alone else ["-n", "auto", "--dist", "loadgroup", *quick]
