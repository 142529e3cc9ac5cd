"""Names in capitals written the usual way: "SỞ GIÁO DỤC VÀ ĐÀO TẠO" is "Sở Giáo dục và Đào tạo"."""

import re

from events.proposals import provinces

_SMALL = {"và", "của", "tỉnh", "thành phố", "huyện", "quận", "thị xã", "xã", "phường", "các", "cấp"}
_KEPT = re.compile(
    r"UBND|HĐND|THPT|THCS|TH|THCS&THPT|PTDTBT|PTDTNT|GDTX|GDNN|TTHTCĐ|UBMTTQ|MTTQ|CLB"
)
_SCHOOL = re.compile(r"(?:\w+&)?(?:THPT|THCS|TH|PTDTBT|PTDTNT|MN)")
"""After these stands what a school is called."""
_ACRONYM = re.compile(r"[BCDĐGHKLMNPQRSTVXZ&.\d-]{2,}$")
_HEADS = (
    "ỦY BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN", "HỘI KHUYẾN HỌC", "TRUNG TÂM HỌC TẬP CỘNG ĐỒNG",
    "VĂN PHÒNG",
    "TRUNG TÂM", "TRẠM", "BỆNH VIỆN", "ĐỒN",
    "THƯ VIỆN", "BẢO TÀNG", "TRƯỜNG ĐẠI HỌC", "TRƯỜNG CAO ĐẲNG", "TRƯỜNG TIỂU HỌC",
    "TRƯỜNG TRUNG HỌC PHỔ THÔNG", "TRƯỜNG TRUNG HỌC CƠ SỞ", "TRƯỜNG MẦM NON", "TRƯỜNG MẪU GIÁO",
    "TRƯỜNG TRUNG CẤP", "ĐẠI HỌC", "HỌC VIỆN", "TRƯỜNG",
    "SỞ", "PHÒNG", "BAN", "BỘ", "HỘI", "ĐOÀN", "VIỆN", "CHI CỤC", "CỤC", "LIÊN ĐOÀN LAO ĐỘNG",
    "TỈNH ĐOÀN", "THÀNH ĐOÀN", "HUYỆN ĐOÀN",
    "THÀNH PHỐ", "TỈNH", "HUYỆN", "QUẬN", "THỊ XÃ", "XÃ", "PHƯỜNG", "ĐẶC KHU",
)  # fmt: skip
_SCHOOLS = {
    "TRƯỜNG TIỂU HỌC", "TRƯỜNG TRUNG HỌC PHỔ THÔNG", "TRƯỜNG TRUNG HỌC CƠ SỞ", "TRƯỜNG MẦM NON",
    "TRƯỜNG MẪU GIÁO",
}  # fmt: skip
"""What follows these is the name of a person or a place."""
_LOWER_INSIDE = re.compile(r"\b(?:Tỉnh|Thành phố|Huyện|Quận|Thị xã|Xã|Phường|Đặc khu)\b")
_PLACES = re.compile(
    r"(?P<kind>\b(?:TỈNH|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THÀNH PHỐ|ĐẶC KHU|THỊ TRẤN))\s+(?P<name>.+)$"
)


def usual(name: str, body: str) -> str:
    """The name as the body of the document writes it, or as the rules of capitals say."""
    if not name.isupper():
        return name
    written = _as_in(body, name)
    if written:
        return written
    place = _PLACES.search(name)
    if place and place.start():
        head = usual(name[: place.start()].strip(), body)
        return f"{head} {place['kind'].lower()} {_proper(place['name'], body)}"
    return _head_and_name(name, body)


def _as_in(body: str, name: str) -> str | None:
    """The first place in the body that says the same words in small letters."""
    pattern = r"\s+".join(map(re.escape, name.split()))
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", body, re.IGNORECASE):
        found = " ".join(match.group().split())
        if not found.isupper() and found[0].isupper():
            return found
    return None


def _head_and_name(name: str, body: str) -> str:
    """A head as in "Trường Tiểu học", then what it is called."""
    for head in _HEADS:
        if name == head:
            return head.capitalize()
        if name.startswith(head + " "):
            rest = name[len(head) + 1 :]
            if head in _SCHOOLS:
                return f"{_head(head)} {_proper(rest, body)}"
            return f"{_head(head)} {_field(rest, body)}"
    return _field(name, body)


def _head(head: str) -> str:
    if head.startswith("TRƯỜNG "):
        return f"Trường {head[7:].capitalize()}"
    return head.capitalize()


def _field(rest: str, body: str) -> str:
    """The field of a department: its first word and the word after "và" or a comma are capital."""
    if rest == "":
        return rest
    written = _as_in(body, rest)
    if written:
        return written
    rest = provinces.in_capitals(rest)
    words: list[str] = []
    capital = True
    for number, word in enumerate(rest.split()):
        if number and _SCHOOL.fullmatch(words[-1]) and not _KEPT.fullmatch(word) and word != "&":
            return " ".join([*words, _proper(" ".join(rest.split()[number:]), body)])
        if not word.isupper() or _ACRONYM.match(word) or _KEPT.fullmatch(word):
            words.append(word)
            capital = False
            continue
        small = word.lower()
        words.append(small.capitalize() if capital and small not in _SMALL else small)
        capital = small in {"và", "-", "–"} or word.endswith(",")
    return " ".join(words)


def _proper(name: str, body: str) -> str:
    """A proper name: every word begins with a capital."""
    written = _as_in(body, name)
    if written:
        return written
    return " ".join(word if _KEPT.fullmatch(word) else word.capitalize() for word in name.split())
