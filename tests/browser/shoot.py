"""Look at a notebook: run it in JupyterLab and save pictures of what a learner sees.

    python -m tests.browser.shoot notebooks/en/01_rnn.ipynb --out build/shots
    python -m tests.browser.shoot 01 --lang en zh --theme light dark
    python -m tests.browser.shoot 01 --kind exercises --no-run
    python -m tests.browser.shoot some/other.ipynb

One file a screenful, named NOTEBOOK-LANG-THEME-01.png and on. A copy of the course is made
first: nobody's `work/` is touched. What went wrong on the page is printed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.browser.chromium import browser_context
from tests.browser.jupyter import REPOSITORY, LabPage, Server, copy_course, serve


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.browser.shoot",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="+", help="a notebook, or the number of a lesson")
    parser.add_argument("--kind", default="notebooks", help="notebooks, exercises or solutions")
    parser.add_argument("--lang", nargs="+", default=["en", "zh"])
    parser.add_argument("--theme", nargs="+", default=["light"])
    parser.add_argument("--out", type=Path, default=Path("build/shots"))
    parser.add_argument("--no-run", action="store_true", help="do not run the cells")
    parser.add_argument("--width", type=int, default=1000)
    parser.add_argument("--height", type=int, default=1400)
    parser.add_argument("--scale", type=float, default=1.0, help="pixels for each CSS pixel")
    args = parser.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "course"
        root.mkdir()
        copy_course(root)
        window = {"width": args.width, "height": args.height, "scale": args.scale}
        with (
            serve(root) as server,
            browser_context(Path(folder) / "profile", **window) as (context, watch),
        ):
            page = LabPage(context, server, watch)
            bad = 0
            for path in _paths(args, server):
                for theme in args.theme:
                    bad += shoot(page, path, theme, args.out, run=not args.no_run)
            page.page.goto("about:blank")
            page.close_kernels()
    return 1 if bad else 0


def _paths(args: argparse.Namespace, server: Server) -> list[str]:
    """The notebooks asked for, as paths below `work/`."""
    found = []
    for what in args.what:
        if what.endswith(".ipynb"):
            source = Path(what)
            inside = source.resolve().relative_to(REPOSITORY) if _ours(source) else None
            if inside and inside.parts[0] in ("notebooks", "exercises"):
                found.append(inside.as_posix())
                continue
            for lang in args.lang:
                target = server.work / "notebooks" / lang / source.name
                shutil.copy(source, target)
                found.append(f"notebooks/{lang}/{source.name}")
                if inside:
                    break
            continue
        for lang in args.lang:
            folder = REPOSITORY / args.kind / lang
            (path,) = [*folder.glob(f"{what}_*.ipynb"), *folder.glob(f"{what}.ipynb")]
            if args.kind == "solutions":
                (server.work / "solutions" / lang).mkdir(parents=True, exist_ok=True)
                shutil.copy(path, server.work / "solutions" / lang / path.name)
            found.append(f"{args.kind}/{lang}/{path.name}")
    return found


def _ours(path: Path) -> bool:
    return path.resolve().is_relative_to(REPOSITORY)


def shoot(lab: LabPage, path: str, theme: str, out: Path, *, run: bool = True) -> int:
    """Save screenfuls of one notebook; return how many things went wrong on the page."""
    lab.watch.clear()
    lab.page.goto("about:blank")  # a fresh JupyterLab: the toggles below start from the same state
    lab.close_kernels()
    lab.open(path, theme=theme)
    # The whole column for the notebook; every cell laid out, not only those in view.
    lab.command("application:set-mode", mode="single-document")
    lab.command("application:toggle-left-area")
    failed = 0
    if run:
        try:
            lab.run_all(timeout=600)
        except AssertionError as error:
            print(f"{path}: {error}", file=sys.stderr)
            failed = 1
    page = lab.page
    page.mouse.move(0, 0)
    page.evaluate(
        """() => {
          const panel = window.jupyterapp.shell.currentWidget.content;
          panel.mode = "command";
          panel.scrollToItem(0, "start");
        }"""
    )
    page.wait_for_timeout(800)
    name = "-".join([Path(path).stem, Path(path).parent.name, theme])
    for old in out.glob(f"{name}-*.png"):
        old.unlink()
    scroller = page.locator(".jp-WindowedPanel-outer:visible").first
    number = 0
    while True:
        number += 1
        scroller.screenshot(path=str(out / f"{name}-{number:02d}.png"))
        before, after = scroller.evaluate(
            """node => {
              const before = node.scrollTop;
              node.scrollTop = before + node.clientHeight - 60;
              return [before, node.scrollTop];
            }"""
        )
        page.wait_for_timeout(400)
        if after - before < 5 or number > 60:
            break
    print(f"{path} {theme}: {number} pictures in {out}")
    for problem in (*lab.watch.errors, *lab.watch.outside):
        print(f"  {problem}", file=sys.stderr)
    return failed + len(lab.watch.errors) + len(lab.watch.outside)


if __name__ == "__main__":
    raise SystemExit(main())
