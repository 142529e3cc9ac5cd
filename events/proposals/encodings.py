"""From bytes to letters: UTF-8, UTF-16, Windows-1258 and TCVN 5712, or a clear refusal."""

import re
import unicodedata

from events.proposals.errors import ForeignFormat, ProtectedDocx, UnknownEncoding

_SIGNATURES = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "doc",
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"MZ": "exe",
    b"\x7fELF": "exe",
    b"SQLite format 3": "SQLite",
}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name under which Word keeps an encrypted .docx inside the wrapping of an old .doc."""
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_TCVN_HIGH = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\xa0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắ"
    "ẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
"""The upper half of TCVN 5712, from 0x80 on; the TCVN3 (ABC) fonts share its small letters."""

_COMMON = re.compile(
    r"\b(?:và|của|các|học|tập|được|kế|hoạch|tổ|chức|thực|hiện|ngày|tháng|năm|cho|với|trong|không"
    r"|một|có|là|người|những|về|theo|trên)\b",
    re.IGNORECASE,
)
_ENOUGH = 4
"""Common words per hundred words that Vietnamese text always has."""


def decoded(raw: bytes) -> str:
    """The text of the bytes.

    Raises ``ForeignFormat``, ``ProtectedDocx`` or ``UnknownEncoding``.
    """
    _refuse_known_formats(raw)
    for mark, codec in _MARKS.items():
        if raw.startswith(mark):
            return _strict(raw, codec)
    if b"\0" in raw:
        return _strict(raw, _utf16_without_mark(raw))
    try:
        return _readable(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _old_encoding(raw)


def _refuse_known_formats(raw: bytes) -> None:
    for signature, kind in _SIGNATURES.items():
        if raw.startswith(signature) and (len(signature) > 2 or b"\0" in raw[:512]):
            raise ProtectedDocx if _ENCRYPTED in raw else ForeignFormat(kind=kind)


def _strict(raw: bytes, codec: str) -> str:
    try:
        return _readable(raw.decode(codec))
    except UnicodeDecodeError:
        raise UnknownEncoding from None


def _readable(text: str) -> str:
    """The text, unless control characters show that it was never one."""
    strange = sum(1 for letter in text[:20_000] if _is_strange(letter))
    if strange > max(2, len(text[:20_000]) // 200):
        raise UnknownEncoding
    return text


def _is_strange(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Co", "Cn"} and letter not in "\t\n\r\f\v\x85"


def _utf16_without_mark(raw: bytes) -> str:
    """Which half of each pair is empty tells the order of the bytes."""
    head = raw[:4000]
    low, high = head[1::2].count(0), head[0::2].count(0)
    return "utf-16-le" if low >= high else "utf-16-be"


def _old_encoding(raw: bytes) -> str:
    """The more Vietnamese of the two old readings, when one is Vietnamese at all."""
    readings = [raw.decode("cp1258", "replace"), _tcvn(raw)]
    best = max((unicodedata.normalize("NFC", text) for text in readings), key=_likeness)
    if _likeness(best) < _ENOUGH:
        raise UnknownEncoding
    return _readable(best)


def _tcvn(raw: bytes) -> str:
    return raw.decode("latin-1").translate(
        {0x80 + place: letter for place, letter in enumerate(_TCVN_HIGH)}
    )


def _likeness(text: str) -> float:
    """Common Vietnamese words per hundred words."""
    words = len(text.split())
    return 100 * len(_COMMON.findall(text)) / words if words else 0
