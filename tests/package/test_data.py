"""Shipped data: whole, small, attributed, in the wheel, and what its source says it is."""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import XKCD_COLORS, to_rgb

from lstm_lab.cli import main
from lstm_lab.data import DATA_SETS, LIMIT, load
from lstm_lab.data import registry as registry_module
from lstm_lab.data.registry import FILES
from lstm_lab.errors import UserError

ROOT = Path(__file__).resolve().parents[2]


def test_registry_and_folder_hold_the_same_files():
    assert {made.file for made in DATA_SETS.values()} == {path.name for path in FILES.iterdir()}
    assert sum(path.stat().st_size for path in FILES.iterdir()) <= LIMIT == 6_000_000


@pytest.mark.parametrize("name", DATA_SETS)
def test_every_file_is_the_one_registered(name):
    made = DATA_SETS[name]
    content = made.path.read_bytes()
    assert made.name == name
    assert len(content) == made.size
    assert hashlib.sha256(content).hexdigest() == made.sha256
    assert made.licence
    assert made.source
    assert set(made.titles) == {"en", "zh"}
    assert all(made.titles.values())


def test_every_file_is_attributed():
    text = (FILES.parent / "ATTRIBUTION.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `")}
    assert set(rows) == {made.file for made in DATA_SETS.values()}
    for made in DATA_SETS.values():
        assert made.licence in rows[made.file]


def test_loaders_give_arrays_alone():
    for name in DATA_SETS:
        columns = load(name)
        assert all(isinstance(column, np.ndarray) for column in columns.values())
        assert len({len(column) for column in columns.values()}) == 1


def test_the_colours_are_matplotlibs():
    found = load("colours")
    theirs = {name.removeprefix("xkcd:"): to_rgb(code) for name, code in XKCD_COLORS.items()}
    assert found["name"].tolist() == list(theirs)
    np.testing.assert_allclose(found["rgb"] / 255, list(theirs.values()), atol=1e-12)


def test_co2_has_the_gaps_and_the_trend_that_are_said_of_it():
    week, ppm = load("co2").values()
    assert (len(week), int(np.isnan(ppm).sum())) == (2284, 59)
    assert (np.diff(week) == np.timedelta64(7, "D")).all()
    years = week.astype("datetime64[Y]").astype(int) + 1970
    means = [np.nanmean(ppm[years == year]) for year in range(1959, 2002)]
    # over any five years it rose (1964 lacks its spring, when there is most of it)
    assert (np.array(means[5:]) > np.array(means[:-5])).all()
    assert 300 < np.nanmin(ppm) < np.nanmax(ppm) < 380


def test_sunspots_are_whole_months_with_a_cycle_of_eleven_years():
    month, number = load("sunspots").values()
    assert (np.diff(month) == np.timedelta64(1, "M")).all()
    assert month[-1] == np.datetime64("2008-12")
    assert number.min() == 0
    power = np.abs(np.fft.rfft(number - number.mean())) ** 2
    years = 1 / np.fft.rfftfreq(len(number), d=1 / 12)[1:]
    assert 10 < years[power[1:].argmax()] < 12
    # 1824: the one month that was not observed stands between its neighbours
    at = int(np.flatnonzero(month == np.datetime64("1824-02"))[0])
    assert number[at] == pytest.approx((number[at - 1] + number[at + 1]) / 2, abs=0.06)


def test_the_wheel_holds_data_and_weights(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        held = set(wheel.namelist())
        for made in DATA_SETS.values():
            content = wheel.read(f"lstm_lab/data/files/{made.file}")
            assert hashlib.sha256(content).hexdigest() == made.sha256
    assert "lstm_lab/data/ATTRIBUTION.md" in held
    for path in (ROOT / "lstm_lab" / "weights").glob("*/*.npz"):
        assert path.relative_to(ROOT).as_posix() in held


@pytest.mark.parametrize(("lang", "word"), [("en", "public domain"), ("zh", "太阳黑子数")])
def test_the_command_lists_them(lang, word, capsys, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", lang)
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["data"]) == 0
    out = capsys.readouterr().out
    assert word in out
    for made in DATA_SETS.values():
        assert made.name in out
        assert made.titles[lang][:12] in out


def test_what_is_not_there_or_was_changed_is_said(tmp_path, monkeypatch):
    with pytest.raises(UserError, match=r"name: expected one of 'co2', .* found 'msft'"):
        load("msft")
    monkeypatch.setattr(registry_module, "FILES", tmp_path)
    with pytest.raises(UserError, match=r"co2\.csv: there is no such file"):
        load("co2")
    (tmp_path / "co2.csv").write_text("week,ppm\n1958-03-29,300\n")
    with pytest.raises(UserError, match=r"not the file that was shipped .sha256 expected 274b27"):
        load("co2")
    changed = replace(DATA_SETS["co2"], sha256="0" * 64)
    with pytest.raises(UserError, match="expected 000000000000"):
        changed.load()
