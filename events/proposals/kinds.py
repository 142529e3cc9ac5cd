"""The words by which an activity shows its kind, its format and whom it is for."""

import re
from dataclasses import dataclass
from functools import lru_cache

from events.models import ActivityKind, Audience, Format

_KINDS: tuple[tuple[ActivityKind, str], ...] = (
    (ActivityKind.OPENING,
     r"(?:lễ|buổi|chương trình)?\s*khai mạc(?! và bế mạc)|(?<!tuần )lễ (?:phát động|khai giảng"
     r"|mít tinh|mit tinh|hưởng ứng|ra quân|công bố|khởi động)"
     r"|mít tinh|phát động (?:tuần lễ|tháng|hưởng ứng tuần lễ)"
     r"|^phát động(?= (?:tại|ở|trong|cấp|vào)\b|\s*[:.]|$)"),
    (ActivityKind.BANNER,
     r"băng[ -]?[rzd][ôo]n|khẩu hiệu|pa[ -]?n[ôo]|áp[ -]?phích|băng cờ|phướn|standee|poster|tờ rơi"
     r"|tờ gấp"
     r"|tranh cổ động|cờ phướn|(?:tuyên truyền|cổ động|thông tin) trực quan"),
    (ActivityKind.CONTEST,
     r"(?:cuộc|hội|vòng) thi(?! đua)|\bthi (?!đua|hành|công|cử)\w+|\bthi (?=[“\"])"
     r"|sân chơi|giải thưởng"
     r"|cuộc vận động sáng tác|đố vui|rung chuông vàng"
     r"|hội thao|hội diễn|liên hoan"),
    (ActivityKind.TALK,
     r"tọa đàm|toạ đàm|hội thảo|nói chuyện|diễn đàn|giao lưu|chuyên đề (?:về|ngoại khóa)"
     r"|sinh hoạt chuyên đề|trao đổi kinh nghiệm|đối thoại|hội nghị (?:chia sẻ|chuyên đề)"
     r"|talkshow|tư vấn"
     r"|kể chuyện|chia sẻ kinh nghiệm|workshop|webinar"),
    (ActivityKind.COURSE,
     r"tập huấn|bồi dưỡng|^lớp (?!\d|trưởng|trực|phó|nào|nhà)[“\"\w]"
     r"|lớp (?=[“\"])|lớp (?:học|dạy|xóa|xoá|kỹ năng|tin|tiếng|ngoại ngữ|nghề|bồi dưỡng|vẽ"
     r"|nhạc|đàn|võ|bơi|hướng dẫn|phổ cập|bình dân|ôn|sử dụng|làm|nấu|may|thêu|trồng|ghép|kỹ thuật"
     r"|năng khiếu|yoga)|khóa học|khoá học|khóa đào tạo"
     r"|mở (?:(?:các|thêm|ít nhất|\d+) )*(?:lớp|khóa|khoá)|dạy nghề|hướng nghiệp"
     r"|phổ cập kỹ năng|đào tạo ngắn hạn"),
    (ActivityKind.READING,
     r"(?:tiết|giờ) đọc|câu lạc bộ (?:đọc|sách)|xe (?:ô tô )?thư viện|thư viện lưu động"
     r"|(?:ngày hội|phong trào|thử thách|ngày) đọc sách|đọc sách (?:cùng|cho|mỗi|tại|theo)"
     r"|văn hóa đọc|văn hoá đọc|giới thiệu sách|luân chuyển (?:[\d.]+ )?(?:(?:bản|cuốn|đầu) )?sách"
     r"|đọc sách|đọc truyện|điểm sách"
     r"|giờ kể chuyện"),
    (ActivityKind.BOOKS,
     r"(?:triển lãm|trưng bày) (?:[\w\d]+ ){0,5}?(?:sách|ấn phẩm|tư liệu|báo)|(?:hội chợ|đường"
     r"|phố|ngày hội|hội|ngày|không gian|góc|tuần lễ) sách"
     r"|(?<!trao )(?<!tặng )(?<!góp )tủ sách(?!(?: \w+){0,3}? (?:điện tử|số)\b)"
     r"|trao đổi sách|gian hàng (?:sách|trao đổi)|góc đọc|triển lãm|trưng bày|hội báo"
     r"|tuần sách"),
    (ActivityKind.RESOURCE,
     r"học liệu (?:mở|số|điện tử)|kho (?:học liệu|giáo trình|tài liệu|sách|bài giảng)"
     r"|thư viện (?:số|điện tử)|tài nguyên (?:giáo dục|học liệu)|tủ sách (?:điện tử|số)"
     r"|tủ sách(?: \w+){1,3}? (?:điện tử|số)\b|bài giảng (?:điện tử|trực tuyến)"
     r"|cơ sở dữ liệu|học liệu|tài nguyên số|mooc"
     r"|nền tảng học trực tuyến"),
    (ActivityKind.DONATION,
     r"(?:quyên góp|ủng hộ|hiến tặng|tặng|góp|trao|trao tặng|hiến|đổi)"
     r"\s+(?:[\w\d]+,?\s+){0,4}?(?:sách|học bổng|quà|máy tính|xe đạp|đồ dùng|vở|suất|cuốn"
     r"|thiết bị)"
     r"|học bổng|quyên góp"),
    (ActivityKind.REVIEW,
     r"sơ kết|tổng kết|khen thưởng|tuyên dương|biểu dương|tôn vinh|vinh danh|bế mạc|trao giải"
     r"|họp mặt|gặp mặt|trao giấy khen|trao danh hiệu"),
    (ActivityKind.NEWS,
     r"(?:đăng|đưa|viết|phát|biên tập|cập nhật|gửi)(?: tải)?(?: các)?(?: (?:ít nhất )?\d+)?(?: "
     r"tối thiểu \d+)? ?(?:tin|bài)\b(?! (?:thu hoạch|dự thi|cảm nhận|thi))|tin,? bài|bài viết"
     r"|chuyên (?:mục|trang)|phát thanh|phóng sự|truyền thanh"
     r"|bản tin|thông tin,? (?:công tác )?tuyên truyền|tuyên truyền|truyền thông|đăng tải"
     r"|phát sóng|infographic|video|phim ngắn|clip|website|fanpage|trang thông tin|loa"),
)  # fmt: skip

_PATTERNS = [(kind, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for kind, words in _KINDS]

_ONLINE = re.compile(
    r"(?<!dịch vụ công )(?<!lừa đảo )(?<!thanh toán )(?<!giao dịch )(?<!mua sắm )(?<!mua bán )"
    r"(?<!bán hàng )(?<!kinh doanh )(?<!công cụ )(?<!an toàn )trực tuyến"
    r"|online|google meet|zoom|qua (?:zoom|mạng|internet|google|ms teams|teams"
    r"|nền tảng số)|livestream|không gian mạng",
    re.I,
)
_IN_PERSON = re.compile(
    r"(?<!phát )(?<!truyền hình )trực tiếp(?! (?:chỉ đạo|phụ trách|quản lý|trên sóng|tham mưu"
    r"|liên hệ|gửi|đến từng))",
    re.I,
)
_BOTH = re.compile(
    r"\bvà trực tuyến|kết hợp (?:giữa )?(?:trực tuyến|trực tiếp)|hybrid|điểm cầu", re.I
)
_INVITED = re.compile(
    r"khách mời|được mời|giấy mời|đại biểu(?: các| đại diện|,|:)|theo thư mời|mời đại biểu", re.I
)
_DELEGATES = re.compile(r"(?:gồm:?\s*)?(?:các )?(?:đại biểu|đại diện|lãnh đạo)\b", re.IGNORECASE)
_EVERYONE = re.compile(
    r"mọi (?:người|tầng lớp|đối tượng|lứa tuổi)|(?:toàn thể |đông đảo )?(?:nhân dân|người dân"
    r"|bạn đọc|công chúng|bà con)"
    r"|cộng đồng dân cư|người ngoài|toàn dân|rộng rãi|tất cả mọi người",
    re.I,
)
_UNITS = re.compile(
    r"(?:toàn thể|tất cả|toàn bộ|mọi|100\s*%)\s+(?:\w+,?\s+){0,4}?(?:học sinh|giáo viên|sinh viên"
    r"|công chức|cán bộ|viên chức|đoàn viên|học viên|đảng viên)"
    r"|công chức,? viên chức|cán bộ,? (?:công chức|giáo viên|viên chức|nhân viên|đảng viên)"
    r"|học sinh (?:toàn|của|các (?:khối|lớp))|học sinh và giáo viên|học sinh (?:các )?(?:khối"
    r"|lớp) \d"
    r"|giáo viên,? (?:nhân viên|học sinh)|người lao động (?:của|trong|cơ quan|thuộc|sở|trường)"
    r"|toàn trường|nội bộ",
    re.I,
)
_FOR = re.compile(
    r"(?:cho|dành cho|phục vụ|tới|đến|thành phần|đối tượng|tham dự|tham gia|thu hút)", re.I
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A word that shows a kind, and where it stands."""

    kind: ActivityKind
    start: int
    end: int


@lru_cache(maxsize=4096)
def mentions(text: str) -> tuple[Mention, ...]:
    """The words in the text that show a kind, in order; what lies inside another is left out."""
    found: list[Mention] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(m.start < match.end() and match.start() < m.end for m in found):
                found.append(Mention(kind, match.start(), match.end()))
    return tuple(sorted(found, key=lambda mention: mention.start))


def kind_of(text: str) -> ActivityKind | None:
    """The kind that the first telling word shows."""
    found = mentions(text)
    return found[0].kind if found else None


def format_of(text: str) -> Format | None:
    """In person, online or both; None when the text does not say."""
    online, in_person = bool(_ONLINE.search(text)), bool(_IN_PERSON.search(text))
    if _BOTH.search(text) or (online and in_person):
        return Format.HYBRID
    if online:
        return Format.ONLINE
    return Format.IN_PERSON if in_person else None


def audience_of(text: str, said: str | None = None) -> Audience | None:
    """Whom it is for, when the text or the line "Đối tượng" says so plainly."""
    both = f"{text} {said or ''}"
    if _INVITED.search(both) or _DELEGATES.match(said or ""):
        return Audience.INVITED
    if _UNITS.search(both):
        return Audience.UNITS
    if said and _EVERYONE.search(said):
        return Audience.EVERYONE
    for match in _EVERYONE.finditer(text):
        if _FOR.search(text[max(0, match.start() - 40) : match.start()]):
            return Audience.EVERYONE
    return None
