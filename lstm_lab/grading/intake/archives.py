"""Unpack a zip of submissions without trusting it."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from lstm_lab.grading.intake.walking import DEEPEST, too_deep
from lstm_lab.grading.messages.feedback import Said, say
from lstm_lab.grading.text import cut

__all__ = ["unpack"]

MAX_FILES = 20_000
MAX_FILE = 20 << 20
MAX_TOTAL = 2 << 30
MAX_RATIO = 200  # a notebook hardly packs better than this; a bomb does
MAX_NAME = 255  # bytes, on nearly every file system


def unpack(path: Path, folder: Path, depth: int = 0) -> list[tuple[str, Said]]:
    """Write the files of a zip into a folder; return those refused, with the reason.

    Names that lead outside, links, bombs and damaged members are refused one by one, and so is
    whatever else goes wrong with one member: the others belong to other students. Zips inside (a
    student's own, in the class's) are unpacked one level deep, as folders of the same name.
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
                if problem is not None:
                    refused.append((_on_disk(name), problem))
                    continue
                total += member.file_size
                refused += _take(archive, member, _on_disk(name), folder, depth)
    except Exception:  # zipfile raises a dozen types, struct's and codecs' among them
        return [*refused, (path.name, say("not a zip, or a damaged one"))]
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


def _on_disk(name: str) -> str:
    """Return the name that a member gets here: UTF-8 in any locale, no part of it too long."""
    parts = []
    for part in PurePosixPath(name).parts:
        raw = part.encode("utf-8", "replace")
        if len(raw) > MAX_NAME:
            stem, suffix = os.path.splitext(part)
            told = hashlib.sha256(raw).hexdigest()[:8]
            raw = f"{cut(stem, 200)}-{told}{cut(suffix, 20)}".encode("utf-8", "replace")
        parts.append(os.fsdecode(raw))
    return "/".join(parts)


def _ignored(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts


def _problem(member: zipfile.ZipInfo, name: str) -> Said | None:
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\0" in name:
        return say("a name that leads outside the zip")
    if len(parts) > DEEPEST:
        return too_deep()
    if stat.S_ISLNK(member.external_attr >> 16):
        return say("a link, which is not followed")
    if member.flag_bits & 1:
        return say("encrypted")
    if member.file_size > MAX_FILE:
        return say("larger than 20 MB")
    if member.file_size > MAX_RATIO * max(member.compress_size, 1) and member.file_size > 1 << 20:
        return say("packed too tightly to be a submission (a zip bomb?)")
    return None


def _take(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, folder: Path, depth: int
) -> list[tuple[str, Said]]:
    """Write one member, and if it is a zip what is in it; return what was refused of it."""
    target = folder / name
    is_zip = target.suffix.lower() == ".zip"
    if is_zip and depth >= 1:
        return [(name, say("a zip in a zip in a zip"))]
    written = target.with_name(".zip") if is_zip else target
    opened = False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(target):
            return [(name, say("a second file of this name"))]
        with archive.open(member) as source, written.open("wb" if is_zip else "xb") as file:
            opened = True
            # what is declared and no more; reading to the end holds the checksum against it
            shutil.copyfileobj(source, file, 1 << 20)
        if not is_zip:
            return []
        target.mkdir()
        refused = unpack(written, target, depth + 1)
        written.unlink()
        return [(f"{name}/{inside}", why) for inside, why in refused]
    except (FileExistsError, NotADirectoryError):
        return [(name, say("a second file of this name"))]
    except Exception:
        if opened:
            written.unlink(missing_ok=True)
        return [(name, say("damaged in the zip"))]
