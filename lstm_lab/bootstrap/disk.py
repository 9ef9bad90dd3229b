"""How much room the set-up needs, and the sentence for a disk that has less."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from lstm_lab.bootstrap.texts import SetupError, text

__all__ = ["GIGABYTES", "disk_error"]

# Measured: what the environment takes when everything is in it, downloads included.
GIGABYTES = 2.0


def disk_error(root: Path) -> SetupError:
    """Say how much room is needed and how much there is, where pip unpacks and in `root`."""
    places = {os.stat(place).st_dev: place for place in (tempfile.gettempdir(), root)}
    free = ", ".join(
        text("free_on", free=f"{shutil.disk_usage(place).free / 1e9:.1f}", path=place)
        for place in places.values()
    )
    return SetupError("disk", need=f"{GIGABYTES:.1f}", free=free)
