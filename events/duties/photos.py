"""A photo that somebody sent, made fit to keep: upright, small, and silent about its maker.

The picture is drawn anew and written as JPEG, so that nothing of the file is
taken over: no place, no camera, no time, no thumbnail, nothing hidden behind it.
"""

import hashlib
import threading
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from core.errors import DomainError
from core.i18n import N_

LARGEST_FILE = 15 * 1024 * 1024
LONGEST_SIDE = 2048
SMALL_SIDE = 480
MOST_PIXELS = 40_000_000
"""Of a picture that must be decoded whole."""
MOST_JPEG_PIXELS = 170_000_000
"""Of a JPEG, which is decoded at a fraction of its size."""
ALIKE = 14
"""Of 128 bits: two pictures that differ in no more look the same."""
_FORMATS = ("JPEG", "PNG", "WEBP")
_ONE_AT_A_TIME = threading.Semaphore(2)
"""How many pictures are in memory at once, whoever sends them."""


class NotAPhoto(DomainError):
    """The file cannot be read as a picture."""

    sentence = N_("This file is no photo that can be read. Please send a JPEG, PNG or WebP photo.")
    status = 422


class EmptyPhoto(DomainError):
    """A file without content, as when a phone had not fetched the photo from its cloud yet."""

    sentence = N_(
        "The file is empty. Please open the photo on the phone first, then send it again."
    )
    status = 422


class HeicPhoto(DomainError):
    """A format of iPhones that few programs read."""

    sentence = N_(
        "HEIC photos cannot be read here. On the iPhone choose Settings, Camera, Formats, "
        "Most Compatible, or send the photo as JPEG."
    )
    status = 422


class PhotoTooLarge(DomainError):
    """The file or the picture in it is larger than any camera makes it."""

    sentence = N_("This photo is too large. Please send one of at most 15 MB.")
    status = 413


@dataclass(frozen=True)
class Picture:
    """What is kept of a photo: the picture, a small one of it, and what it looks like."""

    full: bytes
    small: bytes
    width: int
    height: int
    digest: str
    fingerprint: str


def taken_in(content: bytes) -> Picture:
    """The photo made fit to keep. Raises what is said above."""
    if not content:
        raise EmptyPhoto
    if len(content) > LARGEST_FILE:
        raise PhotoTooLarge
    if content[4:8] == b"ftyp" and content[8:11] in {b"hei", b"hev", b"mif", b"msf", b"avi"}:
        raise HeicPhoto
    with _ONE_AT_A_TIME:
        picture = _drawn(content)
        small = picture.copy()
        small.thumbnail((SMALL_SIDE, SMALL_SIDE))
        return Picture(
            full=_jpeg(picture),
            small=_jpeg(small),
            width=picture.width,
            height=picture.height,
            digest=hashlib.sha256(content).hexdigest(),
            fingerprint=fingerprint(small),
        )


def fingerprint(picture: Image.Image) -> str:
    """What the picture looks like: whether each of its regions is brighter than its neighbours."""
    grey = ImageOps.autocontrast(picture.convert("L"))
    across, down = (
        grey.resize((9, 8), Image.Resampling.BOX),
        grey.resize((8, 9), Image.Resampling.BOX),
    )
    wide, tall = across.tobytes(), down.tobytes()
    bits = [wide[9 * y + x] > wide[9 * y + x + 1] + 2 for y in range(8) for x in range(8)]
    bits += [tall[8 * y + x] > tall[8 * y + x + 8] + 2 for y in range(8) for x in range(8)]
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):032x}"


def look_alike(one: str, other: str) -> bool:
    """Whether two fingerprints are of pictures that look the same; an empty one is like none."""
    first, second = int(one, 16), int(other, 16)
    if min(first.bit_count(), second.bit_count()) < ALIKE:
        return False
    return (first ^ second).bit_count() <= ALIKE


def _drawn(content: bytes) -> Image.Image:
    try:
        opened = Image.open(BytesIO(content), formats=_FORMATS)
        _refuse_bombs(opened)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return _plain(upright)
    except Image.DecompressionBombError:
        raise PhotoTooLarge from None
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        MemoryError,
        OverflowError,
    ):
        raise NotAPhoto from None


def _refuse_bombs(opened: Image.Image) -> None:
    """Judge by what the header says, before a pixel is decoded."""
    most = MOST_JPEG_PIXELS if opened.format == "JPEG" else MOST_PIXELS
    if opened.width * opened.height > most or max(opened.size) > 30_000:
        raise PhotoTooLarge
    if opened.width < 16 or opened.height < 16:
        raise NotAPhoto


def _plain(picture: Image.Image) -> Image.Image:
    """Only colours, on white, in the common colour space; a new picture without any fields."""
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    elif profile and picture.mode == "RGB":
        picture = _common_colours(picture, profile)
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _common_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target) or picture
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture


def _jpeg(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=82, optimize=True, progressive=True)
    return written.getvalue()
