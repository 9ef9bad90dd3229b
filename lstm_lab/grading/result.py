"""What a call gave, as the trusted side sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["FATAL", "Mistakes", "Result", "Trouble"]

# After these the process is gone or out of step: no further call can be made to it.
FATAL = frozenset({"hung", "ended", "protocol"})
_TEXTS = ("type", "text", "function", "source", "expected", "found")
_KINDS = FATAL | {"raised", "missing", "refused", "timeout", "cannot cross"}


@dataclass(frozen=True)
class Trouble:
    """Why a call has no value.

    Attributes
    ----------
    kind : str
        ``raised``, ``missing``, ``refused``, ``timeout``, ``cannot cross``, ``hung``, ``ended``,
        ``protocol``.
    type, text : str
        The exception's type and words, the type that cannot cross, or why a module was refused.
    function, source : str
        The learner's own function that was running, and its line.
    line : int
        Line in the cell, 0 if not known.
    expected, found : str
        What a module should have done, and did.
    """

    kind: str
    type: str = ""
    text: str = ""
    function: str = ""
    line: int = 0
    source: str = ""
    expected: str = ""
    found: str = ""

    @classmethod
    def read(cls, facts: Any) -> Trouble | None:
        """Build one from what came over the line, trusting nothing."""
        if facts is None:
            return None
        kind = facts.get("kind") if type(facts) is dict else None
        if type(kind) is not str or kind not in _KINDS:
            return cls("protocol", text="error")
        line = facts.get("line")
        return cls(
            kind=kind,
            **{key: _text(facts.get(key)) for key in _TEXTS},
            line=line if type(line) is int and 0 < line < 10**6 else 0,
        )


Mistakes = Callable[["Result"], Iterator[tuple[dict[str, str], Any]]]


def _text(value: Any, length: int = 400) -> str:
    return value[:length] if type(value) is str else ""


@dataclass(frozen=True)
class Result:
    """The outcome of one call.

    Attributes
    ----------
    value : object
        What was returned, rebuilt from plain data; None if there was trouble.
    args_after : tuple
        The positional arguments as the call left them.
    kwargs_after : dict
    stdout : str
        What was printed, 64 KB at most.
    warnings : list of str
    error : Trouble or None
    changed : tuple of (int or str)
        Which arguments (by position or keyword) the call changed.
    name : str
        The function called.
    again : callable or None
        Makes the same call once more.
    names : tuple of str
        The names of the parameters, as the solution has them.
    history : tuple of bytes
        Of a module's answer: all that was asked of the module so far, as it was sent.
    mistakes : callable or None
        Of the solution's answer: given the other result, yields sentence and value of each
        typical mistake in the same call, in the order of trying.
    compared : callable or None
        Is told of the other result when this one is held against it, right or wrong.
    """

    value: Any = None
    args_after: tuple[Any, ...] = ()
    kwargs_after: dict[str, Any] = field(default_factory=dict)
    stdout: str = ""
    warnings: list[str] = field(default_factory=list)
    error: Trouble | None = None
    changed: tuple[int | str, ...] = ()
    name: str = ""
    again: Callable[[], Result] | None = None
    names: tuple[str, ...] = ()
    history: tuple[bytes, ...] = ()
    mistakes: Mistakes | None = None
    compared: Callable[[Result], None] | None = None

    @classmethod
    def read(
        cls,
        facts: dict[str, Any],
        body: Any,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        again: Callable[[], Result] | None,
        names: tuple[str, ...] = (),
    ) -> Result:
        """Build a result from an answer; an answer of the wrong form is trouble, never an error."""
        error = Trouble.read(facts.get("error"))
        value: Any = None
        changes: dict[str, Any] = {}
        if error is None:
            if type(body) is tuple and len(body) == 2 and type(body[1]) is dict:
                value, changes = body
            else:
                error = Trouble("protocol", text="body")
        after = list(args)
        kwargs_after = dict(kwargs)
        changed: list[int | str] = []
        for key, new in changes.items():
            if type(key) is not str:
                continue
            if key.isdecimal() and len(key) < 4 and int(key) < len(after):
                after[int(key)] = new
                changed.append(int(key))
            elif key in kwargs_after:
                kwargs_after[key] = new
                changed.append(key)
        raw = facts.get("warnings")
        warnings = [
            f"{_text(one.get('type'))}: {_text(one.get('text'))}"
            for one in (raw if type(raw) is list else [])[:20]
            if type(one) is dict
        ]
        return cls(
            value=value,
            args_after=tuple(after),
            kwargs_after=kwargs_after,
            stdout=_text(facts.get("stdout"), 1 << 16),
            warnings=warnings,
            error=error,
            changed=tuple(changed),
            name=name,
            again=again,
            names=names,
        )
