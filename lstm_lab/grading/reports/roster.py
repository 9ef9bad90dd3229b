"""The class list: who has handed in, who has not, and names that match nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.record import Record
from lstm_lab.grading.reports.people import People, Person
from lstm_lab.grading.reports.sheets import read_sheet
from lstm_lab.i18n import gettext as _

__all__ = ["Match", "match_roster", "read_roster"]

IDS = ("studentid", "id", "sid", "studentnumber", "idnumber", "number", "学号", "学生学号", "编号")
LOGINS = ("sisloginid", "login", "loginid", "username", "user", "githubusername", "sisuserid",
          "email", "emailaddress", "邮箱", "电子邮箱", "电子邮件", "用户名", "账号")  # fmt: skip
NAMES = ("name", "fullname", "student", "studentname", "姓名", "学生姓名", "学生", "名字")
FIRST = ("firstname", "givenname", "first", "名")
LAST = ("lastname", "surname", "familyname", "last", "姓")


def read_roster(path: Path) -> list[Person]:
    """Read a class list: a CSV file with a column of names or of ids, better of both.

    Raises
    ------
    UserError
        It cannot be read, has neither column, or two lines have the same id.
    """
    sheet = read_sheet(path)
    name, first, last = sheet.find(*NAMES), sheet.find(*FIRST), sheet.find(*LAST)
    number = sheet.find(*IDS)
    logins = [place for one in LOGINS if (place := sheet.find(one)) is not None]
    ids = [place for place in (number, *logins) if place is not None]
    if name is None and (first is None or last is None) and not ids:
        raise UserError(
            _(
                "{path} has no column of names or ids: expected one called name, student, id, "
                "email, 姓名 or 学号; found {found}."
            ).format(path=path, found=sheet.listed())
        )
    persons = []
    for n, row in enumerate(sheet.rows):
        if name is not None:
            called = row[name].strip()
        elif first is not None and last is not None:
            called = f"{row[first].strip()} {row[last].strip()}".strip()
        else:
            called = ""
        person = Person(n, tuple(row[place].strip() for place in ids), called)
        if person.label:
            persons.append(person)
    _refuse_doubles(path, persons, 0 if number is not None else None)
    return persons


def _refuse_doubles(path: Path, persons: list[Person], place: int | None) -> None:
    """Two students with one number: one of them would get the other's marks."""
    seen: dict[str, int] = {}
    for one in persons:
        key = one.ids[place].casefold() if place is not None else ""
        if key and key in seen:
            raise UserError(
                _("{path}: the id {id} stands in line {first} and in line {second}.").format(
                    path=path, id=repr(one.ids[0]), first=seen[key] + 2, second=one.row + 2
                )
            )
        seen[key] = one.row


@dataclass(frozen=True)
class Match:
    """A roster beside what was handed in.

    Attributes
    ----------
    persons : list of Person
    who : dict
        (student, number) as handed in → the person.
    missing : dict
        Exercise → persons who have handed in nothing for it.
    unknown : list of (str, tuple of Person)
        Names that match nobody, or more than one person.
    shared : list of (Person, tuple of str)
        Persons under more than one name.
    """

    persons: list[Person]
    who: dict[tuple[str, str], Person]
    missing: dict[str, list[Person]]
    unknown: list[tuple[str, tuple[Person, ...]]]
    shared: list[tuple[Person, tuple[str, ...]]]


def match_roster(persons: list[Person], records: Iterable[Record]) -> Match:
    """Find each who handed in on the roster, and each on the roster who did not."""
    people = People(persons)
    who: dict[tuple[str, str], Person] = {}
    unknown: dict[str, tuple[Person, ...]] = {}
    names: dict[int, dict[str, None]] = {}
    there: dict[str, set[int]] = {}
    for record in records:
        key = (record["student"], record["number"])
        if key not in who and record["student"] not in unknown:
            found = people.find(*key)
            if found.person is None:
                unknown[record["student"]] = found.maybe
            else:
                who[key] = found.person
        if key in who:
            names.setdefault(who[key].row, {})[record["student"]] = None
        if record["exercise"]:
            there.setdefault(record["exercise"], set())
            if key in who:
                there[record["exercise"]].add(who[key].row)
    return Match(
        persons,
        who,
        {
            number: [one for one in persons if one.row not in rows]
            for number, rows in sorted(there.items())
        },
        sorted(unknown.items()),
        [(one, tuple(names[one.row])) for one in persons if len(names.get(one.row, ())) > 1],
    )
