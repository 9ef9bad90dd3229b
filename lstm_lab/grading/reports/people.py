"""Whose is it? Students of a list, and the names that stand on what was handed in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Found", "People", "Person"]


@dataclass(frozen=True)
class Person:
    """A student of a roster, or a line of a platform's own export.

    Attributes
    ----------
    row : int
        The line of the list, from 0.
    ids : tuple of str
        Everything that names one person only: numbers, logins, addresses; the first is shown.
    name : str
    """

    row: int
    ids: tuple[str, ...]
    name: str

    @property
    def label(self) -> str:
        """How a list shows the person."""
        first = next((one for one in self.ids if one), "")
        return f"{self.name} ({first})" if self.name and first else self.name or first


@dataclass(frozen=True)
class Found:
    """What a list knows of one who handed in: the person, or those that it may be."""

    person: Person | None = None
    maybe: tuple[Person, ...] = field(default=())


class People:
    """Find persons by what a file name tells.

    A number or login decides, also one at the end of a repository's name. Without one the name
    does, in either order and with or without spaces; if two persons bear it, or number and name
    speak of two persons, nobody is chosen.

    Examples
    --------
    >>> people = People([Person(0, ("0042",), "Lee, Ann"), Person(1, ("7",), "张三")])
    >>> people.find("Ann Lee", "").person.row, people.find("leeann", "42").person.row
    (0, 0)
    >>> people.find("张三_2", "").person.row
    1
    >>> [one.row for one in people.find("张三", "42").maybe]
    [0, 1]
    >>> People([Person(0, ("ann-lee",), ""), Person(1, ("lee",), "")]).find("lab-1-ann-lee", "")
    Found(person=Person(row=0, ids=('ann-lee',), name=''), maybe=())
    """

    def __init__(self, persons: Iterable[Person]) -> None:
        self.persons = list(persons)
        self._ids: dict[str, list[Person]] = {}
        self._names: dict[str, list[Person]] = {}
        for one in self.persons:
            for key in {key for text in one.ids for key in _id_keys(text)}:
                self._ids.setdefault(key, []).append(one)
            for key in _name_keys(one.name):
                self._names.setdefault(key, []).append(one)

    def find(self, name: str, number: str) -> Found:
        """Return the person with this number or, if the list has no such number, this name."""
        bare = name.replace(number, " ").strip(" _-") if number else name
        by_name = _unique(one for key in _name_keys(bare) for one in self._names.get(key, []))
        by_id = self._by_id(number) or self._by_id(name)
        if len(by_id) == 1 and (not by_name or by_id[0] in by_name):
            return Found(by_id[0])
        if not by_id and len(by_name) == 1:
            return Found(by_name[0])
        if not by_id and not by_name:
            by_id = self._by_repository(name)
            if len(by_id) == 1:
                return Found(by_id[0])
        return Found(maybe=tuple(_unique([*by_id, *by_name])))

    def _by_repository(self, name: str) -> list[Person]:
        """Return who has the login in ``ASSIGNMENT-LOGIN``, as GitHub Classroom names repositories.

        Logins have hyphens too, so the longest counts. One of digits alone is no login: it would
        be found at the end of every date.
        """
        words = name.split("-")
        for n in range(1, len(words)):
            login = "-".join(words[n:])
            if not login.isdecimal() and (found := self._by_id(login)):
                return found
        return []

    def _by_id(self, text: str) -> list[Person]:
        """Return who has this number; as it is written first, then without leading zeros."""
        for key in _id_keys(text):
            if key in self._ids:
                return _unique(self._ids[key])
        return []


def _unique(persons: Iterable[Person]) -> list[Person]:
    return list({one.row: one for one in persons}.values())


def _id_keys(text: str) -> list[str]:
    """Return the forms in which a number or login is looked up.

    A spreadsheet may have eaten leading zeros; a login may stand for an address.
    """
    key = unicodedata.normalize("NFKC", text).casefold().strip()
    if not key:
        return []
    keys = [key]
    if key.isdecimal() and key.lstrip("0"):
        keys.append(f"number {key.lstrip('0')}")
    if "@" in key:
        keys.append(key.split("@")[0])
    return keys


def _name_keys(text: str) -> list[str]:
    """Return the forms in which a name is looked up: letters only, last name first and last."""
    text = unicodedata.normalize("NFKC", text).casefold()
    last, comma, first = text.partition(",")
    turned = f"{first} {last}" if comma else text
    words = re.findall(r"[^\W\d_]+", turned)
    if not words:
        return []
    keys = ["".join(words), "".join([words[-1], *words[:-1]]), "".join([*words[1:], words[0]])]
    return list(dict.fromkeys(keys))
