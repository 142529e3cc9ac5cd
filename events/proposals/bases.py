"""The legal bases: on what the document stands, and who says so."""

import re
from collections.abc import Iterator

from events.proposals import units
from events.proposals.outline import Item, Rank

_LEAD = re.compile(
    r"(?:Căn cứ(?: vào)?|(?:Tiếp tục )?(?:[Tt]riển khai )?[Tt]hực hiện|Triển khai|Thi hành"
    r"|Hưởng ứng"
    r"|Xét đề nghị|Theo đề nghị|Theo|Trên cơ sở|Sau khi xem xét|Được sự đồng ý)\b\s*:?\s*"
)
_KEPT = re.compile(r"(?:Xét|Theo|Trên cơ sở|Sau khi|Được)")
_PAPER = (
    r"(?:Luật|Nghị định|Nghị quyết|Quyết định|Thông tư|Chỉ thị|Kế hoạch|Công văn|Hướng dẫn"
    r"|Chương trình"
    r"|Kết luận|Thông báo|Báo cáo|Tờ trình|Đề án|Văn bản|Điều lệ|Thông tri|Công điện|Thư"
    r"|kế hoạch|nhiệm vụ"
    r"|chức năng|sau khi|theo|căn cứ|thực hiện|đề nghị|xét)\b"
)
_PART = re.compile(
    rf"\s*;\s*(?:và\s+)?(?={_PAPER})"
    r"|,?\s+và\s+(?=(?:theo|xét|trên cơ sở|sau khi xem xét|căn cứ|được sự)\b)"
    r"|(?<=[^\W\d][^\W\d]\.)\s+(?=(?:Căn cứ|Xét|Theo|Trên cơ sở|Thực hiện)\b)"
    r"|(?<=\d{4}\.)\s+(?=(?:Căn cứ|Xét|Theo|Trên cơ sở|Thực hiện)\b)"
)
_GOES_ON = re.compile(r"Theo đó|Theo kế hoạch,")
_TOLD = re.compile(
    r"(?:ban hành|thực hiện|căn cứ|theo|triển khai) (?P<paper>(?:Kế hoạch|Công văn|Quyết định"
    r"|Chỉ thị"
    r"|Văn bản|Hướng dẫn|Chương trình) số [^.;]{3,300})"
)
_COMMITTEE = re.compile(
    r" của ((?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân) [^,;.]+?)(?: về| ban hành|$|[,;.])"
)
_MOST = 30


def bases(root: Item) -> tuple[str, ...]:
    """Each paper or request that the document names before its body."""
    return tuple(
        basis
        for item in _preamble(root)
        if _LEAD.match(item.text) and not _GOES_ON.match(item.text)
        for basis in _of(item.text)
    )


def told_of(root: Item) -> tuple[str, ...]:
    """The papers that a news item says were issued or are being carried out."""
    found = (match for item in root.below() for match in _TOLD.finditer(item.text))
    return tuple(dict.fromkeys(match["paper"].strip(" ,.") for match in found))


def speaker(root: Item) -> str | None:
    """Who speaks after the bases: "…, Sở X xây dựng kế hoạch như sau"."""
    for item in _preamble(root):
        _, who = _without_speaker(item.text)
        if who:
            return who
    return _alone(root)


def _alone(root: Item) -> str | None:
    """The unit that stands on a line of its own right under the title, as in a chat."""
    first = next(iter(root.children), None)
    return first.text if first and not first.label and units.is_units(first.text) else None


def superior(root: Item) -> str | None:
    """The People's Committee on whose paper a department says that it acts."""
    if not re.match(r"(?:Sở|Phòng|Ban)\b", speaker(root) or ""):
        return None
    found = (_COMMITTEE.search(basis) for basis in bases(root))
    return next((match[1].strip() for match in found if match), None)


def _preamble(root: Item) -> Iterator[Item]:
    """What stands before the first heading."""
    for item in root.children[:_MOST]:
        if item.rank < Rank.DASH and (item.label or item.text.isupper() or item.is_row):
            return
        yield item


def _of(text: str) -> Iterator[str]:
    text, _ = _without_speaker(text)
    for number, part in enumerate(_PART.split(text)):
        lead = _LEAD.match(part[:1].upper() + part[1:]) if number else _LEAD.match(part)
        kept = lead and _KEPT.match(lead.group())
        basis = part if kept or not lead else part[lead.end() :]
        basis = basis.strip(" ;,.:*")
        if lead and lead.group().startswith("Hưởng ứng") and not re.match(_PAPER, basis):
            continue
        if basis and units.verb_after(basis[:40]) != 0:
            yield basis


def _without_speaker(text: str) -> tuple[str, str | None]:
    """The bases, and the unit that goes on to speak in the same sentence."""
    for match in reversed(list(re.finditer(r"[,;]\s+", text))):
        rest = text[match.end() : match.end() + 1].upper() + text[match.end() + 1 :]
        if not units.is_unit(rest):
            continue
        told = units.subject(rest)
        if told and _speaks(told[1]):
            return text[: match.start()], _name(told[0])
    told = units.subject(text)
    if told and _speaks(told[1]) and text.rstrip().endswith((":", "sau")):
        return "", _name(told[0])
    return text, None


def _speaks(predicate: str) -> bool:
    return bool(
        re.match(
            r"(?:xây dựng|ban hành|triển khai|tổ chức|hướng dẫn|đề nghị|thông báo|yêu cầu"
            r"|đề ra|lập|kính)",
            predicate,
        )
    )


def _name(who: str) -> str:
    """The unit without a short name in brackets: "Sở X (Sở)"."""
    return re.sub(r"\s*\([^)]*\)?\s*", " ", who).strip()
