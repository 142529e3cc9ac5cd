"""The labels that say when, where, how and for whom: "Thời gian: …", "Địa điểm: …"."""

import re

_DETAIL = re.compile(
    r"\b(?<!các )(?<!những )(?:về )?"
    r"(?P<label>thời gian(?:(?: và|,| -) địa điểm)?(?: (?:dự kiến|tổ chức"
    r"|thực hiện|diễn ra))*|địa điểm(?: (?:dự kiến|tổ chức|thực hiện|diễn ra))*"
    r"|địa chỉ"
    r"|hình thức(?: tổ chức)?"
    r"|thành phần(?: tham dự| tham gia)?|đối tượng(?: tham gia| dự thi| tham dự)?|khách mời"
    r"|nơi tổ chức"
    r"|(?:đơn vị|cơ quan|bộ phận|tổ chức) (?:chủ trì|phối hợp|thực hiện|phụ trách|đầu mối)"
    r"|(?:người |cán bộ )?phụ trách|chủ trì|phối hợp"
    r"|số lượng|nội dung|kinh phí|phương thức)\s*[:：]\s*",
    re.IGNORECASE,
)


def is_detail(text: str) -> bool:
    """Whether a line says when, where or how of the item before it."""
    return bool(_DETAIL.match(text))


def details(text: str) -> list[tuple[str, str]]:
    """The labelled details in a text, such as ("địa điểm", "Hội trường")."""
    found = list(_DETAIL.finditer(text))
    if not found:
        return []
    ends = [match.start() for match in found[1:]] + [len(text)]
    return [
        (match["label"].lower(), text[match.end() : end].strip(" .;,-+"))
        for match, end in zip(found, ends, strict=True)
    ]
