"""The browser: whichever Chromium the machine has, and a page that cannot reach the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

__all__ = ["HOW_TO_GET_ONE", "Watch", "browser_context", "find_chromium"]

HOW_TO_GET_ONE = (
    "no Chromium found: on Debian or Ubuntu `apt install chromium`, elsewhere Chrome, Edge or "
    "`python -m playwright install chromium`; or name one in the environment variable CHROMIUM"
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]
# JupyterLab's own words when a notebook is closed before its debugger has asked its first question:
# the tests close notebooks sooner than a person can.
_OURS = "Canceled future for debug_request message before replies were done"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def find_chromium() -> str | None:
    """Return the path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    for place in _PLACES:
        if Path(place).exists():
            return place
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


class Watch:
    """What a page did that it should not: console errors and requests that leave the machine."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []

    def attach(self, context: Any) -> None:
        """Listen to every page of a browser context, and block what is not on this machine."""
        context.route(lambda url: not self._inside(url), self._block)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(f"uncaught: {error.error}"))
        context.on("request", self._request)

    @staticmethod
    def _inside(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("data", "blob", "about", "file") or parts.hostname in _LOOPBACK

    def _block(self, route: Any) -> None:
        route.abort()

    def _request(self, request: Any) -> None:
        if not self._inside(request.url):
            self.outside.append(request.url)

    def _console(self, message: Any) -> None:
        if message.type == "error" and _OURS not in message.text:
            where = message.location or {}
            self.errors.append(f"{message.text} ({where.get('url', '')})")

    def clear(self) -> None:
        self.errors.clear()
        self.outside.clear()


@contextmanager
def browser_context(
    profile: Path, *, width: int = 1280, height: int = 900, scale: float = 1.0, dark: bool = False
) -> Iterator[tuple[Any, Watch]]:
    """Start Chromium with a fresh profile; yield its context and what watches it."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        raise RuntimeError(HOW_TO_GET_ONE)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=path,
            args=_FLAGS,
            headless=True,
            chromium_sandbox=False,
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        watch = Watch()
        watch.attach(context)
        try:
            yield context, watch
        finally:
            context.close()
