"""Where the pictures of photos lie, and which of them belong to nothing any more."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from core import files
from core.database import session
from core.paging import portions
from events.duties.models import Photo
from events.duties.photos import Picture

FOLDER = "photos"
GRACE = timedelta(days=1)
"""How old a file without a row must be: a younger one may belong to a page that is being kept."""


def put(code: str, picture: Picture) -> None:
    """Keep both pictures of a photo."""
    files.put(_key(code), picture.full)
    files.put(_key(code, small=True), picture.small)


def get(photo: Photo, *, small: bool) -> bytes | None:
    """One of the two pictures."""
    return files.get(_key(photo.code, small=small))


def drop(codes: Iterable[str]) -> None:
    """Delete the pictures of photos that are no more."""
    for code in codes:
        files.delete(_key(code))
        files.delete(_key(code, small=True))


def orphans(now: datetime) -> list[str]:
    """Files older than a day that no photo names, by whatever way the photo went."""
    old = files.written_before(FOLDER, now - GRACE)
    found = []
    for some in portions(old):
        names = sa.func.lower(Photo.code)
        known = set(session().scalars(sa.select(names).where(names.in_({_code(k) for k in some}))))
        found += [key for key in some if _code(key) not in known]
    return found


def _key(code: str, *, small: bool = False) -> str:
    name = code.lower()
    return f"{FOLDER}/{name[:2]}/{name}{'-small' if small else ''}.jpg"


def _code(key: str) -> str:
    """The code of a file, in small letters; of an unfinished one too."""
    return key.rpartition("/")[2].lstrip(".").partition(".")[0].removesuffix("-small")
