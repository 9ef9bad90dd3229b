"""The command line's words, read by argparse: its complaints as one sentence, in both languages."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["Parser"]


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Any,
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Argparse's, which raises `UserError` with a sentence instead of ending the program.

    Examples
    --------
    >>> parser = Parser(prog="lstm-lab try")
    >>> _action = parser.add_argument("-j", "--jobs", type=int)
    >>> parser.parse_args(["-j", "two"])
    Traceback (most recent call last):
        ...
    lstm_lab.errors.UserError: -j/--jobs takes a whole number, not 'two' (lstm-lab try --help says more).
    """  # noqa: E501

    def __init__(self, **words: Any) -> None:
        super().__init__(**words, add_help=False, formatter_class=_Formatter)
        self._positionals.title = _("arguments")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this, and do nothing"))

    def parse(self, words: list[str]) -> argparse.Namespace:
        """Read the words; a file may also stand behind the options."""
        try:
            return self.parse_args(words)
        except UserError:
            # what cannot be understood in any order is told as it is in this one
            try:
                return self.parse_intermixed_args(words)
            except UserError:
                pass
            raise

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words given."""
        sentence = _sentence(message).rstrip(".")
        text = _("{sentence} ({prog} --help says more).")
        raise UserError(text.format(sentence=sentence, prog=self.prog))


def _sentence(message: str) -> str:
    for pattern, say in _SAID.items():
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return say(*match.groups())
    return message


def _missing(names: str) -> str:
    return _("something is missing: {names}").format(names=names)


def _one_of(names: str) -> str:
    return _("say one of {names}").format(names=" ".join(names.split()).replace(" ", ", "))


def _no_value(name: str) -> str:
    return _("{name} needs a value behind it").format(name=name)


def _no_choice(name: str, found: str, choices: str) -> str:
    return _("{name} is {found}, but must be one of {choices}").format(
        name=name, found=found, choices=choices.replace("'", "")
    )


def _no_number(name: str, found: str) -> str:
    return _("{name} takes a whole number, not {found}").format(name=name, found=found)


def _too_many(words: str) -> str:
    return _("not understood: {words}").format(words=words)


def _exclusive(one: str, other: str) -> str:
    return _("{one} and {other} do not go together").format(one=one, other=other)


def _ambiguous(word: str, choices: str) -> str:
    return _("{word} may be {choices}: write it out").format(word=word, choices=choices)


def _takes_none(name: str, found: str) -> str:
    return _("{name} takes no value, but got {found}").format(name=name, found=found)


# What argparse says, and how we say it; versions of Python differ in details.
_SAID: dict[str, Callable[..., str]] = {
    r"the following arguments are required: (.+)": _missing,
    r"one of the arguments (.+) is required": _one_of,
    r"argument (\S+): expected (?:one|at least one|\d+) arguments?": _no_value,
    r"argument (\S+): invalid choice: (.+?)(?:, maybe you meant .+)? \(choose from (.+)\)": (
        _no_choice
    ),
    r"argument (\S+): invalid int value: (.+)": _no_number,
    r"unrecognized arguments: (.+)": _too_many,
    r"argument (\S+): not allowed with argument (\S+)": _exclusive,
    r"ambiguous option: (\S+) could match (.+)": _ambiguous,
    r"argument (\S+): ignored explicit argument (.+)": _takes_none,
}
