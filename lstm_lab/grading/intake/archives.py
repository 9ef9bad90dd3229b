"""Unpack a zip of submissions without trusting it."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from lstm_lab.grading.messages.feedback import Said, say

__all__ = ["unpack"]

MAX_FILES = 20_000
MAX_FILE = 20 << 20
MAX_TOTAL = 2 << 30
MAX_RATIO = 200  # a notebook hardly packs better than this; a bomb does


def unpack(path: Path, folder: Path, depth: int = 0) -> list[tuple[str, Said]]:
    """Write the files of a zip into a folder; return those refused, with the reason.

    Names that lead outside, links, bombs and damaged members are refused one by one; zips inside
    (a student's own, in the class's) are unpacked one level deep, as folders.
    """
    refused: list[tuple[str, Said]] = []
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_FILES:
                return [(path.name, say("a zip of more than {n} files", n=MAX_FILES))]
            for member in members:
                name = _name(member)
                if member.is_dir() or _ignored(name):
                    continue
                problem = _problem(member, name)
                if problem is None and total + member.file_size > MAX_TOTAL:
                    problem = say("the zip unpacks to more than 2 GB")
                if problem is None:
                    total += member.file_size
                    problem = _write(archive, member, folder / name, depth)
                if problem is not None:
                    refused.append((name, problem))
                elif name.lower().endswith(".zip"):
                    target = folder / name
                    inner = target.with_suffix("")
                    refused += [(f"{name}/{n}", why) for n, why in unpack(target, inner, depth + 1)]
                    target.unlink()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, EOFError):
        return [(path.name, say("not a zip, or a damaged one"))]
    return refused


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; Chinese Windows writes names in GBK and does not say so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return member.filename


def _ignored(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts


def _problem(member: zipfile.ZipInfo, name: str) -> Said | None:
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\0" in name:
        return say("a name that leads outside the zip")
    if stat.S_ISLNK(member.external_attr >> 16):
        return say("a link, which is not followed")
    if member.flag_bits & 1:
        return say("encrypted")
    if member.file_size > MAX_FILE:
        return say("larger than 20 MB")
    if member.file_size > MAX_RATIO * max(member.compress_size, 1) and member.file_size > 1 << 20:
        return say("packed too tightly to be a submission (a zip bomb?)")
    return None


def _write(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, depth: int
) -> Said | None:
    if target.suffix.lower() == ".zip" and depth >= 1:
        return say("a zip in a zip in a zip")
    if target.exists():
        return say("a second file of this name")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("xb") as file:
            # what is declared and no more; reading to the end holds the checksum against it
            shutil.copyfileobj(source, file, 1 << 20)
    except (OSError, RuntimeError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        target.unlink(missing_ok=True)
        return say("damaged in the zip")
    return None
