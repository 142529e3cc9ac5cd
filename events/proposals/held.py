"""What a sentence has held, hung or printed, and what it only prepares or urges."""

import re

from events.models import ActivityKind
from events.proposals import kinds, wording
from events.proposals.wording import Piece

_ABSTRACT = re.compile(
    r"^(?:tăng cường|đẩy mạnh|có kế hoạch|quan tâm|xác định|thi đua|nâng cao|phát huy|tiếp tục)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?:tăng cường|đẩy mạnh|nâng cao|phát huy|tiếp tục|quan tâm|khuyến khích|tạo điều kiện"
    r"|chú trọng|bảo đảm|đảm bảo|phấn đấu|gắn|lồng ghép|thực hiện|triển khai|rà soát|căn cứ"
    r"|các (?:hoạt động|nội dung)|ngoài ra|yêu cầu|mục tiêu|đề nghị|huy động|vận động|tích cực"
    r"|chủ động|đa dạng|mọi|trên đây|không|phổ biến|quán triệt)\b",
    re.IGNORECASE,
)
"""How a sentence begins that asks for an effort and names nothing to be held."""
_NEAR = 5
_STARTS_SOMETHING = re.compile(
    r"\b(?:tổ chức|treo|mở (?=các |thêm |lớp |khóa |chuyên |kho |\d)|vận động|phát động|đăng"
    r"|đăng tải|trao|quyên góp|xây dựng (?:(?:các|thêm|\d+) )?(?:chuyên|kho|tủ sách|thư viện|góc"
    r"|không gian)|quay|thực hiện treo|căng|lắp(?: đặt)?|dán"
    r"|dựng (?=\d|cụm|pa|băng|rạp)|trang trí (?=(?:các )?(?:khẩu hiệu|băng|pa|cờ))"
    r"|viết (?=(?:các )?(?:tin|bài)\b)"
    r"|in (?=\d|các|băng|pa|tờ)|làm (?=băng|pa)|phát (?=tờ|sóng|tài liệu)"
    r"|(?:làm|sản xuất|thiết kế|xây dựng|dựng|quay) (?=(?:các |\d+ )?(?:video|clip|phim|phóng sự"
    r"|infographic|poster|bản tin|pa ?nô|áp phích))"
    r"|đưa tin|sưu tầm|cập nhật (?:các )?tin|chiếu)\b",
    re.IGNORECASE,
)
_PREPARES = re.compile(
    r"^(?:chuẩn bị|xây dựng (?:kế hoạch|kịch bản|nội dung)|tham mưu|chọn|cử|mời|ra đề|chấm"
    r"|kiểm tra|hướng dẫn|theo dõi|bố trí|tổng hợp|báo cáo|đôn đốc|rà soát"
    r"|làm(?! băng| pa| video| clip| phim| poster)"
    r"|tham gia"
    r"|viết kịch bản)\b",
    re.IGNORECASE,
)
_STOCKTAKING = re.compile(
    r"(?:tổ chức )?(?:sơ kết|tổng kết)(?:,? (?:và|sơ kết|tổng kết))*"
    r"(?: (?:phong trào|giai đoạn|cuối kỳ))*[^.;]{0,20}\b"
    r"(?:cuối|hằng|hàng|trong|vào|đến)? ?năm\b(?! học)",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"(?:Trong |Riêng )?(?:[Nn]ăm (?:(20\d\d)|ngoái|trước)|[Tt]rước đó"
    r"|Những năm qua|Các năm trước)\b[ ,]"
)
_OFFICE_WORK = re.compile(
    r"(?:chuẩn bị|họp (?!mặt)|(?:xây dựng|ban hành|trình|phê duyệt) (?:kế hoạch|kịch bản|dự toán)"
    r"|tham mưu|tổng hợp|báo cáo|đôn đốc|theo dõi|kiểm tra|rà soát|phân công|quyết toán)\b",
    re.IGNORECASE,
)


def is_prepared(text: str) -> bool:
    """Whether it only makes ready for something, helps with it or watches it."""
    return bool(_PREPARES.match(text))


def is_stocktaking(text: str) -> bool:
    """Whether it only says when a movement is reviewed: "sơ kết vào cuối năm 2025"."""
    return bool(_STOCKTAKING.match(text))


def is_past(sentence: str, year: int | None) -> bool:
    """Whether a sentence tells of an earlier year, as news items do at their end."""
    told = _EARLIER.match(sentence)
    return told is not None and (told[1] is None or (year is not None and int(told[1]) < year))


def is_office_work(text: str) -> bool:
    """Whether it is work behind the doors: meetings, papers, reports."""
    return bool(_OFFICE_WORK.match(text)) and kinds.kind_of(text) is None


def is_urged(text: str) -> bool:
    """Whether a measure only asks for more of something."""
    return bool(_ABSTRACT.match(text))


def is_vague(text: str) -> bool:
    """Whether it asks for an effort and names nothing to be held."""
    making = text.lower().startswith("làm ")
    return bool(_VAGUE.match(text)) or (is_prepared(text) and not making)


def starts_something(text: str) -> bool:
    """Whether it begins with a verb such as "treo", "tổ chức", "chiếu"."""
    return bool(_STARTS_SOMETHING.match(text))


def held(clause: str) -> list[Piece]:
    """What the clause says is to be held, from its verb on."""
    if is_prepared(clause):
        return []
    verb, first = _STARTS_SOMETHING.search(clause), next(iter(kinds.mentions(clause)), None)
    starts = first is not None and first.start == 0 and first.kind is not ActivityKind.NEWS
    if verb is None and not starts:
        return []
    begin = 0 if starts or verb is None else verb.start()
    pieces = wording.pieces(clause[begin:])
    asks = clause[begin:].lower().startswith("vận động")
    return [
        piece
        for piece in pieces
        if near_start(piece, _NEAR)
        and not is_stocktaking(piece.text)
        and (not asks or piece.kind is ActivityKind.DONATION)
    ]


def near_start(piece: Piece, words: int) -> bool:
    """Whether the telling word stands near the verb."""
    first = next(iter(kinds.mentions(piece.text)), None)
    return first is not None and len(piece.text[: first.start].split()) <= words
