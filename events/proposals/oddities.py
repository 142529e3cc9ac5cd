"""What is odd in a document, said in sentences for the person who confirms."""

import re
from collections.abc import Iterator

from events.proposals import provinces, references
from events.proposals.document import Document, Line
from events.proposals.header import Blank, Header
from events.proposals.outline import DEBRIS, Item
from events.proposals.proposal import Caution, Source, WarningCode
from events.proposals.spelling import slips

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s)>\]]+|\b[a-z0-9-]+\.(?:com|net|org|info|vip|club|casino|bet|win"
    r"|xyz|top|live|cc|me|pro|tv|online|shop)\b",
    re.I,
)
_OFFICIAL_LINK = re.compile(
    r"\.vn\b|\.edu\b|facebook\.com|zalo|youtube|google|forms\.gle|bit\.ly|zoom\.us|microsoft"
    r"|tiktok|unesco|@",
    re.I,
)
_GAMBLING = re.compile(
    r"\b(?:casino|nhà cái|cá cược|cá độ|nổ hũ|lô đề|xổ số|tài xỉu|xóc đĩa|bắn cá|game bài"
    r"|đánh bạc|slot|jackpot|baccarat|poker|soi kèo|kèo nhà cái"
    r"|đăng nhập [A-Z]+\d+|\w+(?:bet|win|vip|club)(?:\d{2,3})?\b(?=\W)|link vào|chấm (?:com"
    r"|net|vip)|nhận thưởng|tải app|khuyến mãi nạp|nạp tiền|viagra|vay tiền nhanh)",
    re.I,
)
_BRAND = re.compile(
    r"\b(?!TT|QĐ|NQ|KH|CV|BC|NĐ|CT)[A-Z]{2,8}(?:88|77|79|68|99|365|789|66|33|55|22|247|123|888"
    r"|777|999)\b"
)
"""Names of gambling houses: capitals and a lucky number; marks of documents are none."""
_SMALL_PLACE = r"\b(?:xã|phường|thị trấn|đặc khu|huyện|quận|trường [^.;]{0,40})"
"""Below these a name of a province is that of a commune, a district or a school."""
_NAMES_PLACE = re.compile(
    r"(?:tỉnh|thành phố|địa bàn(?: tỉnh| thành phố)?|UBND tỉnh|Sở [^,.;]{3,60}|Thành phố)\s+$"
)
_OLD_MARKS = re.compile(r"\b\w*(?:oà|oá|oả|oã|oạ|oè|oé|oẻ|oẽ|oẹ|uỳ|uý|uỷ|uỹ|uỵ)\b", re.I)


def cautions(
    document: Document, header: Header, root: Item, body: tuple[Line, ...]
) -> Iterator[Caution]:
    """Everything odd, in the order of the contract's codes and then of the document."""
    yield from map(_blank, header.blanks)
    yield from _foreign_names(header, body)
    yield from _spam(document.lines)
    yield from _numbering(root)
    yield from _broken_references(root)
    yield from _spelling(document)


def _blank(blank: Blank) -> Caution:
    if blank.what == "number":
        text = "Số văn bản còn để trống; văn thư sẽ ghi khi ban hành."
        return Caution(WarningCode.BLANK_NUMBER, text, blank.source)
    text = "Ngày ban hành còn để trống hoặc không đọc được."
    return Caution(WarningCode.BLANK_DAY, text, blank.source)


def _foreign_names(header: Header, lines: tuple[Line, ...]) -> Iterator[Caution]:
    """Another province named where the issuer's own is meant."""
    head = " ".join(filter(None, [header.place, header.issuer, header.superior]))
    own = [
        name
        for name, _ in provinces.named(head)
        if not re.search(rf"{_SMALL_PLACE} {re.escape(name)}", head, re.IGNORECASE)
    ]
    if not own:
        return
    for line in lines:
        for name, at in provinces.named(line.text):
            if any(provinces.same_place(name, ours) for ours in own) or not _is_meant_as_own(
                line.text, at, name
            ):
                continue
            text = (
                f"Văn bản của {own[0]} nhưng lại nhắc đến “{name}” như địa phương mình; xin "
                f"kiểm tra."
            )
            yield Caution(WarningCode.FOREIGN_NAME, text, Source(line.number, line.text))


def _is_meant_as_own(text: str, at: int, name: str) -> bool:
    before, after = text[:at], text[at + len(name) :]
    if not _NAMES_PLACE.search(before):
        return False
    if re.search(
        r"(?i:và|với|,|hoặc|(?:các tỉnh|giữa|bạn|đoàn công tác|kết nghĩa|giao lưu"
        r"|kinh nghiệm)[^.;]*)\s+(?:tỉnh |thành phố )?$",
        before[-60:],
    ):
        return False
    return not re.match(r"\s*,\s*(?:tỉnh )?[A-ZĐ]\w+ [A-ZĐ]\w+,", after)


def _spam(lines: tuple[Line, ...]) -> Iterator[Caution]:
    """Words of gambling and link farms, and foreign links inside sentences."""
    for line in lines:
        found = _GAMBLING.search(line.text) or _BRAND.search(line.text)
        link = next(
            (m for m in _LINK.finditer(line.text) if not _OFFICIAL_LINK.search(m.group())), None
        )
        odd = found or link
        if odd:
            text = (
                f"“{odd.group()}” không thuộc về văn bản này, có thể là quảng cáo bị chèn vào "
                f"chỗ một tên riêng."
            )
            yield Caution(WarningCode.SPAM, text, Source(line.number, line.text))


def _numbering(root: Item) -> Iterator[Caution]:
    """Two items of one list with the same number, or a number left out."""
    for parent in [root, *root.below()]:
        last: dict[int, tuple[int, str]] = {}
        slipped: set[int] = set()
        for item in parent.children:
            value = item.count
            if value is None:
                continue
            before, label = last.get(int(item.rank), (0, ""))
            if value == before:
                slipped.add(item.rank)
                yield _misnumbered(item, f"Hai mục cùng mang số “{item.label}”.")
            elif before and value < before and value != 1:
                yield _misnumbered(item, f"Mục “{item.label}” đứng sau mục “{label}”.")
            elif before and value > before + 1 and item.rank not in slipped:
                yield _misnumbered(item, f"Thiếu mục giữa “{label}” và “{item.label}”.")
            last[int(item.rank)] = (value, item.label)


def _misnumbered(item: Item, text: str) -> Caution:
    return Caution(WarningCode.NUMBERING, text, Source(item.line, item.raw))


def _broken_references(root: Item) -> Iterator[Caution]:
    for item, words in references.broken(root):
        text = f"“{words}” không có trong văn bản, hoặc danh sách ấy không đánh số."
        yield Caution(WarningCode.BROKEN_REFERENCE, text, Source(item.line, item.raw))


def _spelling(document: Document) -> Iterator[Caution]:
    """Letters with their marks apart, names in an old spelling, one name spelt in two ways."""
    if document.decomposed:
        yield Caution(
            WarningCode.SPELLING,
            "Văn bản dùng chữ tổ hợp (NFD); đã được đưa về dạng dựng sẵn khi đọc.",
            None,
        )
    if document.unmarked:
        text = (
            "Văn bản gõ không dấu; những từ thường gặp được thêm dấu khi đọc, xin xem lại từng chỗ."
        )
        yield Caution(WarningCode.SPELLING, text, None)
    seen: set[str] = set()
    for line in document.lines:
        debris = DEBRIS.search(line.text)
        if debris:
            text = f"“{debris.group().strip()}” ở cuối câu không phải lời văn, đã được bỏ khi đọc."
            yield Caution(WarningCode.SPELLING, text, Source(line.number, line.text))
        for _, written, right in slips(line.text):
            if written.lower() not in seen:
                seen.add(written.lower())
                text = f"“{written}” có lẽ là “{right}”."
                yield Caution(WarningCode.SPELLING, text, Source(line.number, line.text))
        for name, _ in provinces.named(line.text):
            if name != provinces.official(name) and name not in seen and not _only_marks(name):
                seen.add(name)
                text = f"“{name}” thường được viết là “{provinces.official(name)}”."
                yield Caution(WarningCode.SPELLING, text, Source(line.number, line.text))


def _only_marks(name: str) -> bool:
    """Whether the name differs only in where the tone mark stands, which both schools allow."""
    return bool(_OLD_MARKS.search(name))
