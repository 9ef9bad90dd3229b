"""The command ``lstm-lab``: finds ``lstm_lab/commands/NAME.py`` and runs it."""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
import sys
from collections.abc import Sequence

from lstm_lab import __version__, commands
from lstm_lab.arguments import Parser
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.reasons import reason

__all__ = ["main"]


def _names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


def _overview() -> str:
    lines = [_("usage: lstm-lab COMMAND …  (lstm-lab COMMAND --help says more)"), ""]
    for name in _names():
        module = importlib.import_module(f"lstm_lab.commands.{name}")
        lines.append(f"  {name:<10} {_(module.HELP)}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (2 where the call itself was wrong)."""
    try:
        code = _dispatch(argv)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        # Python flushes once more at its end, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _dispatch(argv: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        # An old code page, or Windows' when output goes to a file, must not stop a command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0
    if words[0] in ("-V", "--version"):
        print(f"lstm-lab {__version__}")
        return 0
    name = words[0]
    if name not in _names():
        known = ", ".join(_names())
        print(
            _("lstm-lab: unknown command {name}; there are: {known}").format(
                name=repr(name), known=known
            ),
            file=sys.stderr,
        )
        return 2
    # Only the chosen command is imported, so that `lstm-lab open` does not wait for the graders.
    module = importlib.import_module(f"lstm_lab.commands.{name}")
    parser = Parser(prog=f"lstm-lab {name}", description=_(module.HELP))
    module.configure(parser)
    try:
        if getattr(module, "PASS_THROUGH", False):
            args, rest = parser.parse_known_args(words[1:])
            args.rest = rest
        else:
            args = parser.parse(words[1:])
        return int(module.run(args) or 0)
    except UserError as error:
        print(f"lstm-lab {name}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        if isinstance(error, BrokenPipeError) or error.filename is None:
            raise
        print(f"lstm-lab {name}: {error.filename}: {reason(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
