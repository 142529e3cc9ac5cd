"""Photos as they are taken in: upright, small, and silent about who took them where."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFilter

from events.duties import photos
from events.duties.photos import (
    EmptyPhoto,
    HeicPhoto,
    NotAPhoto,
    PhotoTooLarge,
    look_alike,
    taken_in,
)

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def a_picture(size: tuple[int, int] = (640, 480), seed: int = 0) -> Image.Image:
    """A hall with people in it, or something like it."""
    picture = Image.new("RGB", size, (200, 210, 220))
    draw = ImageDraw.Draw(picture)
    w, h = size
    for n in range(14):
        x, y = (n * 97 + seed * 173) % w, (n * 61 + seed * 211) % h
        colour = ((n * 40 + seed * 77) % 255, (n * 90) % 255, (seed * 50 + n * 15) % 255)
        draw.rectangle((x, y, x + w // 5, y + h // 4), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(2))


def written(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def with_secrets(picture: Image.Image, orientation: int = 6) -> bytes:
    """As a phone writes it: place, camera, time, a comment, a description of everything."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = orientation, "SecretCamera"
    exif.get_ifd(GPS).update({1: "N", 2: (21.0, 35.0, 1.0), 3: "E", 4: (105.0, 50.0, 2.0)})
    exif.get_ifd(0x8769)[0x9003] = "2027:10:01 08:00:00"
    return written(picture, exif=exif, comment=b"SecretComment", xmp=b"<x>SecretXmp</x>")


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def test_nothing_of_the_phone_is_left() -> None:
    sent = with_secrets(a_picture())
    assert b"Secret" in sent
    assert opened(sent).getexif().get_ifd(GPS)

    kept = taken_in(sent)

    for content in (kept.full, kept.small):
        assert b"Secret" not in content
        assert b"Exif" not in content
        assert not opened(content).getexif()
        assert set(opened(content).info) <= {
            "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression",
        }  # fmt: skip


def test_a_photo_stands_upright() -> None:
    lying = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(lying).rectangle((0, 0, 80, 300), fill="red")

    kept = opened(taken_in(with_secrets(lying, orientation=6)).full)

    assert kept.size == (300, 400)
    red, _, blue = kept.getpixel((150, 20))  # type: ignore[misc]
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_large_photos_become_small_jpegs(kind: str) -> None:
    kept = taken_in(written(a_picture((4000, 3000)), kind))

    assert (kept.width, kept.height) == (2048, 1536)
    assert opened(kept.full).format == "JPEG"
    assert max(opened(kept.small).size) == 480


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (64, 64), (255, 0, 0, 0))

    assert opened(taken_in(written(clear, "PNG")).full).getpixel((5, 5)) == (255, 255, 255)


def test_what_hangs_behind_the_picture_is_dropped() -> None:
    kept = taken_in(written(a_picture()) + b"PK\x03\x04 SecretArchive")

    assert b"SecretArchive" not in kept.full


def a_bomb() -> bytes:
    """A small file that says it is a picture of 841 million points."""
    import struct
    import zlib

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", 29_000, 29_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"0" * 10**6))


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (lambda: b"", EmptyPhoto),
        (lambda: b"hello", NotAPhoto),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", NotAPhoto),
        (lambda: written(a_picture())[:2000], NotAPhoto),
        (lambda: written(a_picture(), "GIF"), NotAPhoto),
        (lambda: written(a_picture(), "TIFF"), NotAPhoto),
        (lambda: written(Image.new("RGB", (4, 4))), NotAPhoto),
        (lambda: b"\x00\x00\x00\x18ftypheic" + b"\x00" * 200, HeicPhoto),
        (lambda: b"\x00\x00\x00\x18ftypmif1" + b"\x00" * 200, HeicPhoto),
        (lambda: written(Image.new("1", (8000, 6000)), "PNG"), PhotoTooLarge),
        (a_bomb, PhotoTooLarge),
        (lambda: b"\xff\xd8" + b"\x00" * photos.LARGEST_FILE, PhotoTooLarge),
    ],
)
def test_what_is_no_photo_is_refused(content: Callable[[], bytes], refusal: type) -> None:
    with pytest.raises(refusal):
        taken_in(content())


def test_the_same_photo_is_known_again_though_resized_and_recompressed() -> None:
    sent = a_picture((1600, 1200), seed=3)
    copy = sent.resize((900, 675)).crop((4, 4, 896, 671))

    one = taken_in(written(sent, quality=95))
    other = taken_in(written(copy, quality=40))

    assert one.digest != other.digest
    assert look_alike(one.fingerprint, other.fingerprint)


def test_other_photos_look_different() -> None:
    prints = [taken_in(written(a_picture(seed=n))).fingerprint for n in range(12)]

    assert [(a, b) for a in range(12) for b in range(a) if look_alike(prints[a], prints[b])] == []


def test_a_blank_wall_is_like_nothing() -> None:
    blank = taken_in(written(Image.new("RGB", (64, 64), "white"))).fingerprint

    assert not look_alike(blank, blank)
