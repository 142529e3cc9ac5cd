"""Files that people send, in a folder of the instance that no web server shows.

``put``, ``get``, ``delete`` and ``written_before`` are all that the rest knows of where they lie.
A key is a path of plain words such as ``photos/3f/3fa9….jpg``, made by us.
"""

import os
import re
import secrets
from datetime import datetime
from pathlib import Path

_NAME = r"[a-z0-9_-]+\.[a-z0-9]{1,8}"
_KEY = re.compile(rf"(?:[a-z0-9_-]+/)*(?:{_NAME}|\.{_NAME}\.[0-9a-f]{{8}})", re.ASCII)
"""A file, or the draft of one that was never finished."""

_folder: Path | None = None


def configure(folder: Path) -> None:
    """Keep files below this folder."""
    global _folder
    _folder = folder


def put(key: str, content: bytes) -> None:
    """Keep the content, whole or not at all; the same key again replaces it."""
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as opened:
            os.fchmod(opened.fileno(), 0o600)
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def get(key: str) -> bytes | None:
    """The content; nothing when there is none."""
    try:
        return _path(key).read_bytes()
    except FileNotFoundError:
        return None


def delete(key: str) -> None:
    """Keep it no longer; one that is gone already is no fault."""
    _path(key).unlink(missing_ok=True)


def written_before(folder: str, moment: datetime) -> list[str]:
    """The keys below a folder of files last written before a moment, unfinished ones too."""
    root = _path(f"{folder}/any.file").parent
    keys = []
    for path in sorted(root.rglob("*")):
        key = path.relative_to(root.parent).as_posix()
        if _KEY.fullmatch(key) and path.is_file() and path.stat().st_mtime < moment.timestamp():
            keys.append(key)
    return keys


def _path(key: str) -> Path:
    if _folder is None:
        raise RuntimeError("no folder: call configure(folder) first")
    if not _KEY.fullmatch(key):
        raise ValueError(f"no key of ours: {key!r}")
    return _folder / key
