"""Run the benchmarks: ``python3 lab.py bench [NAME…] [--json FILE]``.

One thread for every library: set before the first import of any of them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
                  "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS"):  # fmt: skip
    os.environ[_variable] = "1"

NAMES = {
    "lstm32": "layers", "lstm64": "layers", "rnn32": "layers", "gru32": "layers",
    "variants32": "layers", "peak": "machine", "growth": "machine", "imports": "machine",
    "iteration": "train", "seeds": "train", "tasks": "train", "widgets": "widgets",
    "grading": "grading", "grading_memory": "grading", "batch_memory": "grading",
    "grading_wrong": "wrong", "grading_kills": "kills", "grading_dask": "lost_workers",
}  # fmt: skip


def main() -> int:
    """Measure what was asked for, print tables, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    args = parser.parse_args()
    if args.list:
        print(*NAMES)
        return 0

    import importlib

    import numpy as np
    import torch

    torch.set_num_threads(1)
    machine = {
        "python": platform.python_version(), "numpy": np.__version__, "torch": torch.__version__,
        "machine": platform.machine(), "system": platform.system(), "cores": os.cpu_count(),
    }  # fmt: skip
    print(", ".join(f"{key} {value}" for key, value in machine.items()), flush=True)
    results = {}
    for name in args.names or NAMES:
        measure = getattr(importlib.import_module(NAMES[name]), name)
        results[name] = measure()
        print(f"\n### {name}: {measure.__doc__}\n\n{results[name]['table']}", flush=True)
    if args.json:
        text = json.dumps({"machine": machine, "results": results}, indent=1, default=str)
        args.json.write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
