"""Files that people send, in a folder of the instance that no web server shows.

``put``, ``get`` and ``delete`` are all that the rest knows of where they lie.
A key is a path of plain words such as ``photos/3f/3fa9….jpg``, made by us.
"""

import os
import re
import secrets
from pathlib import Path

_KEY = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*\.[a-z0-9]{1,8}", re.ASCII)

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


def _path(key: str) -> Path:
    if _folder is None:
        raise RuntimeError("no folder: call configure(folder) first")
    if not _KEY.fullmatch(key):
        raise ValueError(f"no key of ours: {key!r}")
    return _folder / key
