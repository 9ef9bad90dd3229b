"""Open the course in JupyterLab, in the learner's own folder `work/`."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import socket
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.i18n import LANGUAGES, language
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import Layout
from lstm_lab.paths import course_root, work_folder

HELP = "open the course in JupyterLab"
PASS_THROUGH = True

FIRST_PORT = 8888
# JupyterLab keeps settings and the layout of windows here, not in the person's own ~/.jupyter.
JUPYTER_FOLDER = Path(".lstm_lab", "jupyter")


def configure(parser: ArgumentParser) -> None:
    # Otherwise --no would be taken for our own --no-…, and never reach JupyterLab.
    parser.allow_abbrev = False
    parser.add_argument("--lang", choices=LANGUAGES, help=_("language of lessons and menus"))
    parser.add_argument(
        "--port", type=int, default=None, help=_("port to serve on; if taken, the next free one")
    )
    parser.epilog = _("Everything else goes to JupyterLab, for example --no-browser.")


def run(args: Namespace) -> int:
    root = course_root()
    lang = args.lang or language()
    with _speaking(lang):
        fresh_copies(root)
        wanted = FIRST_PORT if args.port is None else args.port
        port = free_port(wanted)
        if args.port is not None and port != wanted:
            text = _("Port {wanted} is taken; using {port}.")
            print(text.format(wanted=wanted, port=port), flush=True)
        text = _("JupyterLab is starting on port {port}. To stop it, press Control-C here, twice.")
        print(text.format(port=port), flush=True)
    prepare_jupyter(root, lang)
    warm_loops()
    main = _import_jupyterlab()
    main(lab_arguments(root, lang, port, args.rest))
    return 0


def warm_loops() -> subprocess.Popen[bytes] | None:
    """Have the layers' loops compiled by a process of its own; None without numba.

    It has the lowest priority, says nothing, outlives this process and ends by itself, within a
    minute. Two at once do no harm: numba puts each result in its place whole.
    """
    if importlib.util.find_spec("numba") is None:
        return None
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        detached = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        options = {"creationflags": subprocess.IDLE_PRIORITY_CLASS | detached}
    nowhere = subprocess.DEVNULL
    # -P: no file of the folder that the person stands in may take a module's place
    command = [sys.executable, "-P", "-m", "lstm_lab.layers.compiled.warm"]
    try:
        return subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, **options)
    except OSError:
        return None  # the first use of a layer compiles, then


def _import_jupyterlab() -> Callable[[list[str]], object]:
    """Import JupyterLab into this process, and quickly.

    Of the 2.3 s (CPU) of this import 1.7 go into a grammar for international addresses, which
    jsonschema takes if it is there and which nothing in Jupyter asks for.
    """
    name = "rfc3987_syntax"
    absent = name not in sys.modules
    if absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        from jupyterlab.labapp import main
    finally:
        if absent:
            del sys.modules[name]
    return main


@contextmanager
def _speaking(lang: str) -> Iterator[None]:
    """Say everything in `lang`; not for longer, or kernels would inherit the variable."""
    before = os.environ.get("LSTM_LAB_LANG")
    os.environ["LSTM_LAB_LANG"] = lang
    try:
        yield
    finally:
        if before is None:
            del os.environ["LSTM_LAB_LANG"]
        else:
            os.environ["LSTM_LAB_LANG"] = before


def fresh_copies(root: Path) -> None:
    """Make the learner's copies, and refresh those that were never touched."""
    from lstm_lab.course.copies import refresh

    for sentence in refresh(root).sentences():
        print(sentence, flush=True)


def lab_arguments(root: Path, lang: str, port: int, rest: list[str]) -> list[str]:
    """Return JupyterLab's command line; what the person asked for comes last and so wins."""
    work = work_folder(root)
    url = "/lab"
    # a handout may hold one language only
    copies = sorted(Layout(root).lessons[0].copies("lesson"), key=lambda p: p.parent.name != lang)
    first = [path for path in copies if path.is_file()]
    if first:
        url = f"/lab/tree/{first[0].relative_to(work).as_posix()}"
    arguments = [
        f"--ServerApp.root_dir={work}",
        f"--ServerApp.port={port}",
        # The address is still told; thirty lines of report are for those who ask (--debug).
        "--Application.log_level=WARN",
        f"--LabApp.default_url={url}",
        # Offline and quiet: no news, no update check, no list of extensions from the network.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        f"--LabApp.user_settings_dir={work / JUPYTER_FOLDER / 'user-settings'}",
        f"--LabApp.workspaces_dir={work / JUPYTER_FOLDER / 'workspaces'}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    return arguments + rest


def prepare_jupyter(root: Path, lang: str) -> None:
    """Set JupyterLab's interface language and silence what would ask the network.

    Written to a folder of the course's own, which this process names in JUPYTER_CONFIG_PATH.
    """
    config = work_folder(root) / JUPYTER_FOLDER / "config"
    locale = "zh_CN" if lang == "zh" else "en"
    _write_json(
        config / "labconfig" / "default_setting_overrides.json",
        {
            "@jupyterlab/translation-extension:plugin": {"locale": locale},
            "@jupyterlab/apputils-extension:notification": {
                "fetchNews": "false",
                "checkForUpdates": False,
            },
            "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
        },
    )
    _write_json(
        config / "labconfig" / "page_config.json",
        {
            "disabledExtensions": {
                "@jupyterlab/apputils-extension:announcements": True,
                "@jupyterlab/extensionmanager-extension": True,
            }
        },
    )
    inherited = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [str(config), inherited]))
    # So that `lstm-lab` and `python` in JupyterLab's terminals and in `!` cells are ours.
    scripts = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if scripts not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [scripts, path]))


def free_port(first: int) -> int:
    """Return the first port from `first` on that nobody serves on.

    Examples
    --------
    >>> taken = socket.create_server(("127.0.0.1", 0))
    >>> number = taken.getsockname()[1]
    >>> free_port(number) > number
    True
    >>> taken.close()
    """
    for port in range(first, min(first + 200, 65536)):
        if all(_free(family, host, port) for family, host in _addresses()):
            return port
    raise UserError(
        _("No free port from {first} on; name another with --port.").format(first=first)
    )


def _addresses() -> list[tuple[socket.AddressFamily, str]]:
    # JupyterLab serves on every address that "localhost" has
    found = [(socket.AF_INET, "127.0.0.1")]
    if socket.has_ipv6:
        found.append((socket.AF_INET6, "::1"))
    return found


def _free(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as attempt:
            if os.name != "nt":
                # A port that was closed a moment ago counts as free, as it does for JupyterLab.
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind((host, port))
    except OSError as error:
        # A machine may have IPv6 compiled in and switched off; that is no reason to skip a port.
        return family == socket.AF_INET6 and error.errno != errno.EADDRINUSE
    return True


def _write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
