"""Office files are zip archives: none is opened before its size is known.

``look_into`` reads the directory first and then every member, counted, so that
neither what an archive says of itself nor what it holds can fill the memory.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from core.errors import DomainError
from core.i18n import N_

MAGIC = b"PK\x03\x04"
_PIECE = 1 << 18
_PROTECTED = 0x1
_ARCHIVES = (MAGIC, b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ")
"""How files begin that hold other files or unpack to more than they are."""
_FREE = 4 << 20
"""Bytes below which the ratio says nothing: small XML packs very well."""


class NotAnArchive(DomainError):
    """The file is torn, or is no archive at all."""

    sentence = N_("The file is damaged and cannot be opened. Please save it once more.")
    status = 400


class ArchiveIsProtected(DomainError):
    """A password would be needed."""

    sentence = N_("The file is protected by a password. Please save it without one.")
    status = 400


class ArchiveTooLarge(DomainError):
    """The file unpacks to far more than a document of people is."""

    sentence = N_("The file unpacks to more than can be read here. It was not opened.")
    status = 413


class ArchiveInArchive(DomainError):
    """Files stand inside files inside the file."""

    sentence = N_("The file holds other packed files. Please send the document alone.")
    status = 400


@dataclass(frozen=True)
class Limits:
    """What an office file may hold."""

    members: int = 2_000
    unpacked: int = 100 << 20
    ratio: int = 100
    depth: int = 1
    """How many archives may stand inside each other below this one, such as a chart's table."""


@dataclass
class _Budget:
    """What is left of the limits, shared by an archive and those inside it."""

    members: int
    unpacked: int


def look_into(content: bytes, limits: Limits | None = None) -> list[str]:
    """The names of the members, once all of them were found to be harmless in size.

    Raises ``NotAnArchive``, ``ArchiveIsProtected``, ``ArchiveTooLarge`` or ``ArchiveInArchive``.
    """
    allowed = limits or Limits()
    budget = _Budget(allowed.members, allowed.unpacked)
    return _examine(content, allowed, budget, allowed.depth)


def member(content: bytes, name: str) -> bytes:
    """One member of an archive that was looked into. Raises ``NotAnArchive``."""
    try:
        with ZipFile(BytesIO(content)) as opened:
            return opened.read(name)
    except (BadZipFile, KeyError, zlib.error, EOFError, OSError) as fault:
        raise NotAnArchive from fault


def _examine(content: bytes, limits: Limits, budget: _Budget, depth: int) -> list[str]:
    try:
        with ZipFile(BytesIO(content)) as opened:
            members = opened.infolist()
            _check_directory(members, len(content), limits, budget)
            for info in members:
                _check_member(opened, info, limits, budget, depth)
            return [info.filename for info in members]
    except (BadZipFile, LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError,
            ValueError, RuntimeError) as fault:  # fmt: skip
        raise NotAnArchive from fault


def _check_directory(members: list[ZipInfo], size: int, limits: Limits, budget: _Budget) -> None:
    """What the archive says of itself."""
    if any(info.flag_bits & _PROTECTED for info in members):
        raise ArchiveIsProtected
    if any(info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for info in members):
        raise NotAnArchive
    if any(_leads_out(info.filename) for info in members):
        raise NotAnArchive
    if len({info.filename for info in members}) < len(members):
        raise NotAnArchive
    declared = sum(info.file_size for info in members)
    budget.members -= len(members)
    if budget.members < 0 or declared > budget.unpacked or _swells(declared, size, limits):
        raise ArchiveTooLarge


def _check_member(
    opened: ZipFile, info: ZipInfo, limits: Limits, budget: _Budget, depth: int
) -> None:
    """What the archive really holds, read piece by piece."""
    kept: list[bytes] = []
    real = 0
    with opened.open(info) as unpacking:
        for piece in _pieces(unpacking):
            real += len(piece)
            budget.unpacked -= len(piece)
            if budget.unpacked < 0 or real > info.file_size:
                raise ArchiveTooLarge
            if _swells(real, info.compress_size, limits):
                raise ArchiveTooLarge
            if kept or (real == len(piece) and piece.startswith(_ARCHIVES)):
                kept.append(piece)
    if not kept:
        return
    inner = b"".join(kept)
    if depth == 0 or not inner.startswith(MAGIC):
        raise ArchiveInArchive
    _examine(inner, limits, budget, depth - 1)


def _pieces(unpacking: IO[bytes]) -> Iterator[bytes]:
    while piece := unpacking.read(_PIECE):
        yield piece


def _swells(unpacked: int, packed: int, limits: Limits) -> bool:
    return unpacked > _FREE and unpacked > packed * limits.ratio


def _leads_out(name: str) -> bool:
    """Whether the name would stand outside of the folder it is unpacked to."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or "\0" in name or ":" in path.parts[:1]
