"""A real JupyterLab on a copy of the course, and a page in it that can be driven."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_lab.layout import RUN_WITH
from tests.browser.chromium import Watch

__all__ = ["REPOSITORY", "LabPage", "Server", "copy_course", "serve"]

REPOSITORY = Path(__file__).resolve().parents[2]
OPEN = [sys.executable, "-m", "lstm_lab", "open"]


def copy_course(target: Path) -> Path:
    """Copy what a learner's folder holds, without anyone's `work/`."""
    for part in RUN_WITH:
        if (REPOSITORY / part).is_dir():
            shutil.copytree(
                REPOSITORY / part,
                target / part,
                ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"),
            )
    (target / "lstm_lab").mkdir(exist_ok=True)  # marks a course; the code is imported from here
    return target


@dataclass(frozen=True)
class Server:
    """Where JupyterLab serves, and the course it serves."""

    url: str
    token: str
    root: Path
    log: Path

    @property
    def work(self) -> Path:
        return self.root / "work"


@contextmanager
def serve(root: Path, lang: str = "en") -> Iterator[Server]:
    """Start ``lstm-lab open`` on the course in `root`; stop it and its kernels afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    private = root / ".jupyter-private"
    env = os.environ | {
        "LSTM_LAB_ROOT": str(root),
        "PYTHONPATH": str(REPOSITORY),
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    env.pop("LSTM_LAB_LANG", None)  # the notebook's folder decides, as on a learner's machine
    log = root / "jupyter.log"
    command = [*OPEN, "--lang", lang, "--port", str(port)]
    command += ["--no-browser", "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.expose_app_in_browser=True"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=os.name != "nt",
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_serving(process, f"{url}/api/status?token={token}", log)
        yield Server(url, token, root, log)
    finally:
        _stop(process)


def _wait_until_serving(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"JupyterLab ended: {log.read_text('utf-8', 'replace')[-3000:]}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab does not answer: {log.read_text('utf-8', 'replace')[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        if os.name == "nt":
            process.terminate()
        else:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if os.name != "nt":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # kernels that outlived their server


# Lab's own promises are never awaited inside `evaluate` (it hangs): fire, then poll.
_CELLS = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  const cells = panel?.content?.model?.sharedModel?.cells;
  if (!cells) return null;
  return [...panel.content.model.cells].map((cell, n) => ({
    type: cell.type,
    source: cell.sharedModel.getSource(),
    metadata: cell.metadata,
    count: cell.executionCount ?? null,
    running: cell.executionState === "running"
      || (panel.content.widgets[n]?.promptNode?.textContent ?? "").includes("*"),
    outputs: cell.type === "code" ? cell.outputs.toJSON() : [],
  }));
}"""


class LabPage:
    """One JupyterLab tab: open a notebook, run it from the menu, read what it shows."""

    def __init__(self, context: Any, server: Server, watch: Watch) -> None:
        self.server = server
        self.watch = watch
        self.page = context.pages[0] if context.pages else context.new_page()
        # Behind another tab Chromium slows a page's timers, and JupyterLab stops polling.
        self.page.bring_to_front()
        self.page.set_default_timeout(20_000)

    def notebook(self, *sources: str, lang: str = "en", theme: str = "light") -> None:
        """Write a notebook of code cells into the learner's folder and open it."""
        import nbformat

        folder = self.server.work / "notebooks" / lang
        folder.mkdir(parents=True, exist_ok=True)
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        written = nbformat.v4.new_notebook(cells=cells)
        written.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        name = f"try-{secrets.token_hex(4)}.ipynb"
        nbformat.write(written, folder / name)
        self.open(f"notebooks/{lang}/{name}", theme=theme)

    def open(self, path: str, *, theme: str = "light") -> None:
        """Open a notebook, given below `work/`, and wait until its kernel answers."""
        if self.page.url.startswith(f"{self.server.url}/lab"):
            self.leave()
            self.command("docmanager:open", path=path)
        else:
            self.page.goto(f"{self.server.url}/lab/tree/{path}?token={self.server.token}&reset")
        self.page.wait_for_function(
            "path => window.jupyterapp?.shell?.currentWidget?.context?.path === path"
            " && window.jupyterapp.shell.currentWidget.context.isReady",
            arg=path,
            timeout=60_000,
        )
        dark = "true" if theme == "dark" else "false"
        self.page.evaluate(
            """dark => { window.jupyterapp.commands.execute("apputils:change-theme",
                {theme: dark ? "JupyterLab Dark" : "JupyterLab Light"}); }""",
            theme == "dark",
        )
        light = "false" if dark == "true" else "true"
        self.page.wait_for_selector(
            f'body[data-jp-theme-light="{light}"]', state="attached", timeout=30_000
        )
        self.wait_for_kernel()

    def leave(self) -> None:
        """Close every notebook without a question, and end its kernel."""
        self.page.evaluate(
            """() => {
              for (const widget of [...window.jupyterapp.shell.widgets("main")]) {
                if (widget.context?.model) widget.context.model.dirty = false;
                widget.dispose();
              }
            }"""
        )
        self.close_kernels()

    def wait_for_kernel(self, timeout: float = 60) -> None:
        self.page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.sessionContext"
            "?.session?.kernel?.status === 'idle'",
            timeout=timeout * 1000,
        )

    def menu(self, *labels: str) -> None:
        """Choose from the menus as a person does, for example ``menu("Run", "Run All Cells")``."""
        first, *rest = labels
        self.page.get_by_role("menuitem", name=first, exact=True).first.click()
        for label in rest:
            item = self.page.locator(".lm-Menu-item:visible").filter(
                has=self.page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True)
            )
            item.first.click()

    def command(self, name: str, **arguments: Any) -> None:
        self.page.evaluate(
            "([name, args]) => { window.jupyterapp.commands.execute(name, args); }",
            [name, arguments],
        )

    def cells(self) -> list[dict[str, Any]]:
        return self.page.evaluate(_CELLS) or []

    def code_cells(self) -> list[dict[str, Any]]:
        return [cell for cell in self.cells() if cell["type"] == "code" and cell["source"].strip()]

    def run_all(self, timeout: float = 240) -> list[dict[str, Any]]:
        """Run → Run All Cells, and wait for the end; return the code cells."""
        self.menu("Run", "Run All Cells")
        return self.wait_until_run(timeout)

    def wait_until_run(self, timeout: float = 240) -> list[dict[str, Any]]:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            cells = self.code_cells()
            failed = [cell for cell in cells if tracebacks(cell)]
            if failed:
                raise AssertionError("\n".join(tracebacks(failed[0])))
            if cells and all(cell["count"] and not cell["running"] for cell in cells):
                self.wait_for_kernel()
                return self.code_cells()
            self.page.wait_for_timeout(150)
        waiting = [cell["source"][:80] for cell in cells if not cell["count"] or cell["running"]]
        raise AssertionError(f"not run after {timeout} s: {waiting}")

    def cell(self, name: str) -> int:
        """The index of a cell: by its name in our metadata, or by a piece of its source."""
        cells = self.cells()
        for n, cell in enumerate(cells):
            if cell["metadata"].get("lstm_lab", {}).get("name") == name:
                return n
        for n, cell in enumerate(cells):
            if name in cell["source"] and cell["type"] == "code":
                return n
        raise LookupError(f"no cell {name!r}")

    def put(self, index: int, source: str) -> None:
        """Replace a cell's text (the editor's own typing is not what is tested)."""
        self.page.evaluate(
            """([index, source]) => {
              const notebook = window.jupyterapp.shell.currentWidget.content;
              notebook.activeCellIndex = index;
              notebook.model.cells.get(index).sharedModel.setSource(source);
            }""",
            [index, source],
        )

    def run_cell(self, index: int, timeout: float = 60) -> dict[str, Any]:
        """Run one cell and return it with its outputs."""
        before = self.cells()[index]["count"]
        self.page.evaluate(
            """index => {
              const notebook = window.jupyterapp.shell.currentWidget.content;
              notebook.deselectAll();
              notebook.activeCellIndex = index;
              window.jupyterapp.commands.execute("notebook:run-cell");
            }""",
            index,
        )
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            cell = self.cells()[index]
            if cell["count"] and cell["count"] != before and not cell["running"]:
                self.wait_for_kernel()
                return self.cells()[index]
            self.page.wait_for_timeout(50)
        raise AssertionError(f"cell {index} has not ended after {timeout} s")

    def output(self, index: int) -> Any:
        """The locator of what cell `index` shows, scrolled into view."""
        self.page.evaluate(
            """index => {
              const notebook = window.jupyterapp.shell.currentWidget.content;
              notebook.activeCellIndex = index;
              notebook.scrollToItem(index, "center");
            }""",
            index,
        )
        return self.page.locator(
            f'.jp-Cell[data-windowed-list-index="{index}"] .jp-Cell-outputArea'
        )

    def close_kernels(self) -> None:
        """End every session over REST: a page that is left does not end its kernel."""
        import json

        for kind in ("sessions", "kernels"):
            base = f"{self.server.url}/api/{kind}"
            headers = {"Authorization": f"token {self.server.token}"}
            with urllib.request.urlopen(urllib.request.Request(base, headers=headers)) as answer:
                found = json.load(answer)
            for item in found:
                request = urllib.request.Request(
                    f"{base}/{item['id']}", headers=headers, method="DELETE"
                )
                urllib.request.urlopen(request).close()


def tracebacks(cell: dict[str, Any]) -> list[str]:
    """Return the errors that a cell shows."""
    return [
        f"{output.get('ename')}: {output.get('evalue')}"
        for output in cell["outputs"]
        if output["output_type"] == "error"
    ]
