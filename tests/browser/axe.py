"""axe-core on a page: what keeps somebody from reading or using it."""

from __future__ import annotations

from typing import Any

__all__ = ["found_by_axe"]

_SERIOUS = {"serious", "critical"}


def found_by_axe(page: Any) -> list[tuple[str, str, str]]:
    """Return the serious violations: rule, element, what to do."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        (v["id"], node["html"][:200], node["failureSummary"])
        for v in found
        if v["impact"] in _SERIOUS
        for node in v["nodes"]
    ]
