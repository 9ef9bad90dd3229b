"""``python -I lstm_lab/grading/worker``: run submissions, one process each.

``fork SOCKET`` serves as a clean fork server on a Unix socket; ``one`` runs a single submission
on standard input and output (Windows, macOS). Submitted code only ever runs in a process made
for it, that has seen neither solutions nor tests.
"""

from __future__ import annotations

import os
import sys
import types


def _load_neighbours() -> None:
    """Make this folder importable as `lstm_worker`, without the package that holds it."""
    folder = os.path.dirname(os.path.abspath(__file__))
    package = types.ModuleType("lstm_worker")
    package.__path__ = [folder]
    sys.modules["lstm_worker"] = package


def main() -> int:
    """Run in the mode that the command line names."""
    _load_neighbours()
    # -I keeps sys.path free of this folder; one that crept in would shadow the standard library.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    if sys.argv[1] == "fork":
        from lstm_worker.forkserver import serve  # type: ignore[import-not-found]

        os._exit(serve(int(sys.argv[2])))  # at once: its parent waits, and torch is slow to go
    from lstm_worker.child import serve_pipes  # type: ignore[import-not-found]

    return serve_pipes()


if __name__ == "__main__":
    sys.exit(main())
