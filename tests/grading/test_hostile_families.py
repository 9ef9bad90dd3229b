"""No kind of attack is left out: each family has one, each attack is of a family, and is run."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hostile.families import ASKED, ATTACKS, MORE

KNOWN = {name for names in ATTACKS.values() for name in names}
HERE = Path(__file__).parent


@pytest.mark.parametrize("family", ASKED | MORE)
def test_a_family_has_attacks_and_they_are_there(family):
    named = (ASKED | MORE)[family]
    assert named
    assert set(named) <= KNOWN
    assert len(named) == len(set(named))


def test_every_attack_is_of_a_family_and_has_a_name_of_its_own():
    placed = {name for names in (ASKED | MORE).values() for name in names}
    assert KNOWN - placed == set()
    counts = Counter(name for names in ATTACKS.values() for name in names)
    assert [name for name, n in counts.items() if n > 1] == []
    assert len(KNOWN) >= 40


def test_every_set_of_attacks_is_run_by_its_file():
    """An attack in a dictionary that no test goes through would count for nothing."""
    for module in ("points", "leaving", "patches", "frames", "reach", "greed", "doors"):
        text = (HERE / "hostile" / f"{module}.py").read_text("utf-8")
        sets = re.findall(r"^([A-Z_]+) = \{$", text, re.M)
        assert sets
        for name in set(sets) - {"OPEN"}:
            (file,) = [
                one
                for one in ATTACKS
                if re.search(rf"^from hostile\.{module} import .*\b{name}\b",
                             (HERE / f"{one}.py").read_text("utf-8"), re.M)
            ]  # fmt: skip
            tests = (HERE / f"{file}.py").read_text("utf-8")
            joined = name in ("POINTS", "LEAVING", "PATCHES")
            through = "IN_PROCESS" if joined else name
            assert f'@pytest.mark.parametrize("name", {through})' in tests, name
