"""What platforms hand out is taken in whole; what would harm is refused with its reason."""

from __future__ import annotations

import io
import json
import stat
import zipfile
import zlib
from pathlib import Path

import pytest

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import list_exercises
from lstm_lab.grading.intake import exercise_of, take_in
from lstm_lab.grading.intake.archives import MAX_FILES, unpack
from lstm_lab.grading.intake.names import owner_of
from lstm_lab.grading.intake.settling import MOST
from lstm_lab.grading.sources import parse_document


@pytest.fixture
def taken(tmp_path, toy):
    count = iter(range(99))

    def take(folder):
        return take_in(folder, [toy], tmp_path / f"unpacked{next(count)}")

    return take


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "handed in"
    inside.mkdir()
    return inside


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def seen(intakes):
    return sorted(
        (
            one.student,
            one.owner.number,
            one.exercise.number if one.exercise else "",
            one.problem is None,
        )
        for one in intakes
    )


@pytest.mark.parametrize(
    ("name", "student", "number"),
    [
        ("Ann Lee_4711_assignsubmission_file_", "Ann Lee", "4711"),
        ("Ann Lee_4711_assignsubmission_file_07_toy", "Ann Lee", "4711"),
        ("李 明_88_assignsubmission_file", "李 明", "88"),
        ("leeann_4711_90125_07_toy", "leeann", "4711"),
        ("leeann_LATE_4711_90125_07_toy-1", "leeann", "4711"),
        ("李明_4711_90125_07_toy", "李明", "4711"),
        ("van_der_berg_LATE_4711_90125_07_toy", "van_der_berg", "4711"),
        ("anon_a1B2c_90125_07_toy", "anon_a1B2c", ""),
        ("LATE_anon_12345_90125_07_toy", "anon_12345", ""),
        ("参与者_4711_assignsubmission_file", "参与者", "4711"),
        ("GruppeA-Müller Öz_4711_assignsubmission_file", "GruppeA-Müller Öz", "4711"),
        ("07_toy_ann", "ann", ""),
        ("ann-07-toy", "ann", ""),
        ("07-toy-ann-lee", "ann-lee", ""),
        ("ann (2)", "ann", ""),
        ("07_toy", "07_toy", ""),
        ("2023010123_张三", "2023010123_张三", "2023010123"),
        ("07_toy_2023010123_11051_张三", "2023010123_11051_张三", "2023010123"),
        ("张三-2023010123_07_toy", "张三-2023010123", "2023010123"),
        ("zhang07", "zhang07", ""),
        ("submission_123456", "submission_123456", "123456"),
    ],
)
def test_names_of_platforms_tell_the_student(name, student, number):
    owner = owner_of(name, ["07_toy"])
    assert (owner.name, owner.number) == (student, number)


def test_a_moodle_zip_of_files_folders_and_zips(folder, taken, make, as_notebook):
    book = as_notebook(make())
    path = folder / "class.zip"
    path.write_bytes(
        zipped(
            {
                "Ann Lee_1_assignsubmission_file_/07_toy.ipynb": book,
                "Bob_2_assignsubmission_file_/mine.zip": zipped({"a/07_toy.ipynb": book}),
                "Cy_3_assignsubmission_file_07_toy.ipynb": book,
                "Dan_4_assignsubmission_file_/essay.docx": "essay",
                "__MACOSX/._x": "junk",
                ".DS_Store": "junk",
            }
        )
    )
    assert seen(taken(path)) == [
        ("Ann Lee", "1", "07", True),
        ("Bob", "2", "07", True),
        ("Cy", "3", "07", True),
        ("Dan", "4", "", False),
    ]


def test_what_was_typed_beside_the_files_is_no_submission_of_its_own(
    folder, taken, make, as_notebook
):
    book = as_notebook(make())
    path = folder / "class.zip"
    path.write_bytes(
        zipped(
            {
                "参与者_1_assignsubmission_file/07_toy.ipynb": book,
                "参与者_1_assignsubmission_onlinetext/onlinetext.html": "<p>done</p>",
                "参与者_2_assignsubmission_onlinetext/onlinetext.html": "<p>my file is lost</p>",
            }
        )
    )
    assert seen(taken(path)) == [("参与者", "1", "07", True), ("参与者", "2", "", False)]


def test_a_zip_of_the_class_folder_is_the_class(folder, taken, make, as_notebook):
    """As Windows and macOS make it, and as Gradescope and `gh classroom` name it."""
    book = as_notebook(make())
    metadata = "---\nsubmission_9:\n  :submitters:\n  - :name: Cy Dee\n    :sid: '88'\n"
    for files, students in [
        ({"Ann/07_toy.ipynb": book, "Bob.zip": zipped({"07_toy.ipynb": book})}, ["Ann", "Bob"]),
        ({"leeann_4711_90125_07_toy.ipynb": book}, ["leeann"]),
        ({"submission_metadata.yml": metadata, "submission_9/x.ipynb": book}, ["Cy Dee"]),
        # one student's folder, and one who hands in the whole course
        ({"07_toy.ipynb": book, "notes.txt": "x"}, ["class folder"]),
        ({"exercises/en/07_toy.ipynb": book, "notebooks/en/a.txt": "x"}, ["class folder"]),
    ]:
        path = folder / "class.zip"
        inside = {f"class folder/{name}": data for name, data in files.items()}
        path.write_bytes(zipped({**inside, "__MACOSX/._x": "junk"}))
        assert [one.student for one in taken(path)] == students
        path.unlink()


def test_a_folder_of_students_zips_and_canvas_files(folder, taken, make, as_notebook):
    book = as_notebook(make())
    (folder / "2023010123_张三.zip").write_bytes(zipped({"作业/07_toy.ipynb": book}))
    (folder / "leeann_4711_90125_07_toy.ipynb").write_text(book, "utf-8")
    (folder / "broken.zip").write_bytes(b"PK\3\4 not really")
    assert seen(taken(folder)) == [
        ("2023010123_张三", "2023010123", "07", True),
        ("broken", "", "", False),
        ("leeann", "4711", "07", True),
    ]


def test_a_gradescope_export_tells_its_names(folder, taken, make, as_notebook):
    (folder / "submission_metadata.yml").write_text(
        "submission_11:\n  :submitters:\n  - :name: Ann Lee\n    :sid: '4711'\n  :score: 0\n"
        "submission_12:\n  :submitters:\n  - :name: 李明\n    :sid: '4712'\n",
        "utf-8",
    )
    for number in (11, 12, 13):
        (folder / f"submission_{number}").mkdir()
        path = folder / f"submission_{number}" / "07_toy.ipynb"
        path.write_text(as_notebook(make()), "utf-8")
    assert seen(taken(folder)) == [
        ("Ann Lee", "4711", "07", True),
        ("submission_13", "", "07", True),
        ("李明", "4712", "07", True),
    ]


def test_a_whole_course_handed_in_counts_its_exercises_only(folder, taken, make, as_notebook):
    lesson = as_notebook(make()).replace('"kind": "exercise"', '"kind": "lesson"')
    own = folder / "01-course-ann"
    (own / "notebooks").mkdir(parents=True)
    (own / "notebooks" / "07_toy.ipynb").write_text(lesson, "utf-8")
    (own / "exercises" / ".ipynb_checkpoints").mkdir(parents=True)
    for path in ("07_toy.ipynb", ".ipynb_checkpoints/07_toy-checkpoint.ipynb", "mine.py"):
        (own / "exercises" / path).write_text(as_notebook(make()), "utf-8")
    (one,) = taken(folder)
    assert one.origin == "01-course-ann/exercises/07_toy.ipynb"


def test_names_in_gbk_are_read(folder, taken, make, as_notebook):
    data = zipped({"AAAA_07_toy.ipynb": as_notebook(make())})
    path = folder / "class.zip"
    path.write_bytes(data.replace(b"AAAA", "张三".encode("gbk")))
    assert seen(taken(path)) == [("张三", "", "07", True)]


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def reasons(tmp_path, data):
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    target = tmp_path / "out"
    refused = unpack(path, target)
    outside = {p.name for p in tmp_path.iterdir()} - {"x.zip", "out"}
    assert outside == set()
    return {name: said["en"] for name, said in refused}


@pytest.mark.parametrize(
    "name",
    ["../evil.py", "a/../../evil.py", "/evil.py", "C:/evil.py", "..\\evil.py", "a\\..\\..\\e.py"],
)
def test_names_that_lead_outside_are_refused(tmp_path, name):
    found = reasons(tmp_path, zipped({name: "x", "good.py": "y"}))
    assert list(found.values()) == ["a name that leads outside the zip"]
    assert (tmp_path / "out" / "good.py").read_text() == "y"


def test_links_bombs_copies_and_damage_are_refused_one_by_one(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(link("link.py"), "/etc/passwd")
        archive.writestr("bomb.ipynb", bytes(10 << 20))
        archive.writestr("huge.ipynb", bytes(21 << 20))
        archive.writestr("good.py", "x = 1\n")
        archive.writestr("torn.py", "CRC" * 50, compress_type=zipfile.ZIP_STORED)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("good.py", "x = 2\n")
    data = out.getvalue().replace(b"CRCCRC", b"CRCXXX", 1)
    found = reasons(tmp_path, data)
    assert found == {
        "link.py": "a link, which is not followed",
        "bomb.ipynb": "packed too tightly to be a submission (a zip bomb?)",
        "huge.ipynb": "larger than 20 MB",
        "torn.py": "damaged in the zip",
        "good.py": "a second file of this name",
    }
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["good.py"]


def test_a_lie_about_the_size_is_found_out(tmp_path):
    text = b"".join(zlib.crc32(bytes([n % 256])).to_bytes(4, "big") for n in range(5000))
    data = zipped({"liar.py": text})
    size = len(text).to_bytes(4, "little")
    found = reasons(tmp_path, data.replace(size, (10).to_bytes(4, "little")))
    assert list(found) == ["liar.py"]
    assert not list((tmp_path / "out").glob("liar.py"))


def test_deep_nesting_and_too_many_files_are_refused(tmp_path):
    data = zipped({"a.py": "x"})
    for _ in range(4):
        data = zipped({"inner.zip": data})
    assert list(reasons(tmp_path, data).values()) == ["a zip in a zip in a zip"]
    many = {f"{n}.py": "" for n in range(MAX_FILES + 1)}
    assert "more than" in next(iter(reasons(tmp_path, zipped(many)).values()))


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\5\6" + b"\0" * 18, b"x" * 1000])
def test_no_bytes_raise(tmp_path, data):
    assert isinstance(reasons(tmp_path, data), dict)


def test_an_empty_zip_is_an_empty_folder(folder, taken):
    path = folder / "empty.zip"
    path.write_bytes(zipped({}))
    with pytest.raises(UserError, match=r"empty\.zip"):
        taken(path)


STUBS = {
    "double": 'def double(x):\n    """x"""\n    raise NotImplementedError("your code here")\n',
    "center": "def center(x):\n    raise NotImplementedError\n",
}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_stubs_are_no_submission_beside_an_answer(folder, taken, make, as_notebook):
    stub, answer = as_notebook(make(**STUBS)), as_notebook(make(**{**STUBS, "center": "x = 1"}))
    places = ("exercises/en", "exercises/zh", "work/exercises/en", "work/exercises/zh")
    for student, answered in [
        ("toy-lab-ann", ["work/exercises/en"]),
        ("toy-lab-bob", ["work/exercises/zh"]),
        ("toy-lab-cy", ["exercises/en"]),
        ("toy-lab-dan", []),
        ("toy-lab-eve", ["exercises/zh", "work/exercises/en"]),
    ]:
        for place in places:
            text = answer if place in answered else stub
            write(folder / student / place / "07_toy.ipynb", text)
    origins = {}
    for one in taken(folder):
        origins.setdefault(one.student.removeprefix("toy-lab-"), []).append(
            (one.origin.partition("/")[2].removesuffix("/07_toy.ipynb"), one.problem is None)
        )
    assert origins == {
        "ann": [("work/exercises/en", True)],
        "bob": [("work/exercises/zh", True)],
        "cy": [("exercises/en", True)],
        "dan": [("work/exercises/en", True)],  # nothing written: one line, and no alarm
        "eve": [("work/exercises/en", False), ("exercises/zh", False)],  # a person decides
    }


def test_an_answer_in_a_new_cell_is_no_stub(folder, taken, make, as_notebook):
    kept = as_notebook(make("def double(x):\n    return x + x", **STUBS))
    write(folder / "ann" / "a.ipynb", kept)
    write(folder / "ann" / "b.ipynb", as_notebook(make(**STUBS)))
    assert [one.origin for one in taken(folder)] == ["ann/a.ipynb"]


@pytest.mark.parametrize(
    ("name", "source", "slug"),
    [
        ("group02_05_lstm_cell.py", "", "lstm_cell"),
        ("homework 01 - 05_lstm_cell.py", "", "lstm_cell"),
        ("05_lstm_cell_2024-01-15.py", "", "lstm_cell"),
        ("2024.01.02 05-lstm_cell ann.py", "", "lstm_cell"),
        ("02_05_lstm_cell.py", "def rnn_step(): pass", "lstm_cell"),
        ("01_rnn_ann.py", "", "rnn"),
        ("02_rnn_backward_ann.py", "", "rnn_backward"),
        ("week03_lstm.py", "LSTM", "lstm_cell"),
        ("hw01.py", "LSTM", "lstm_cell"),
        ("01_mine.py", "LSTM", "lstm_cell"),
        ("15-01-2024.py", "LSTM", "lstm_cell"),
        ("ann_05.py", "x = 1", "lstm_cell"),
        ("ann_2024-01-15.py", "x = 1", None),
        ("01 or 05.py", "x = 1", None),
    ],
)
def test_a_number_never_outvotes_a_full_name_or_the_functions(name, source, slug):
    exercises = list_exercises()
    if source == "LSTM":
        tasks = next(one.tasks for one in exercises if one.slug == "lstm_cell")
        source = "\n".join(f"def {task}(*x):\n    return x" for task in tasks)
    found = exercise_of(parse_document(Path(name), source.encode()), exercises)
    assert (found and found.slug) == slug


def test_a_date_is_no_part_of_a_name():
    exercises = [one.name for one in list_exercises()]
    assert owner_of("05_lstm_cell_2024-01-15", exercises).name == "05_lstm_cell"
    assert owner_of("ann_05_lstm_cell_2024-01-15", exercises).name == "ann"
    assert owner_of("20230101_张三", exercises).number == "20230101"


def test_every_member_of_a_gradescope_group_has_the_submission(folder, taken, make, as_notebook):
    (folder / "submission_metadata.yml").write_text(
        "submission_11:\n  :submitters:\n  - :name: Ann Lee\n    :sid: '4711'\n"
        "    :email: a@b\n  - :name: 李明\n    :sid: '4712'\n  - :name: Cy Dee\n  :score: 0\n"
        "submission_12:\n  :submitters:\n  - :sid: '1'\n    :name: 李明\n",
        "utf-8",
    )
    write(folder / "submission_11" / "07_toy.ipynb", as_notebook(make()))
    assert seen(taken(folder)) == [
        ("Ann Lee", "4711", "07", True),
        ("Cy Dee", "", "07", True),
        ("李明", "4712", "07", True),
    ]


def test_a_list_of_blanks_takes_no_time(folder, taken, make, as_notebook):
    blanks = f"submission_1:\n{' ' * 4_000_000}x\n  - :name: Ann{' ' * 4_000_000}\n"
    (folder / "submission_metadata.yml").write_text(blanks, "utf-8")
    write(folder / "submission_1" / "07_toy.ipynb", as_notebook(make()))
    assert seen(taken(folder)) == [("Ann", "", "07", True)]


@pytest.mark.parametrize("name", ["07_toy.ipynb.json", "07_toy.ipynb.txt", "07_TOY.IPYNB"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_what_browsers_and_editors_make_of_a_notebook_is_read(
    name, encoding, folder, taken, make, as_notebook
):
    book = json.dumps(json.loads(as_notebook(make("s = '循环'"))), ensure_ascii=False)
    for own in (folder, folder / "ann"):
        own.mkdir(exist_ok=True)
        (own / name).write_bytes(book.encode(encoding))
    for one in taken(folder):
        assert (one.problem, one.gradable) == (None, True)
        assert any("循环" in cell.source for cell in one.with_document().document.cells)


def test_so_many_submissions_and_no_more(folder, taken, make, as_notebook):
    for n in range(MOST + 5):
        write(folder / "ann" / f"{n}.ipynb", as_notebook(make()) + " " * n)
    found = taken(folder)
    assert [one.gradable for one in found] == [True] * MOST + [False]
    assert all(one.problem for one in found)
    assert found[-1].problem["en"].startswith("5 files more")
