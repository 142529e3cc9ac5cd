"""The indicator catalogue: what a report counts, in which unit, and where each figure is from.

Codes are stable: they stand in declarations, snapshots and exports of every year.
"""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where the figures of an indicator come from."""

    COUNTED = "counted"
    DECLARED = "declared"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Indicator:
    """One figure of the report; ``summable`` says whether units' figures add up."""

    code: str
    vietnamese: str
    english: str
    measure: str
    """The unit of measure as documents print it."""
    source: Source
    summable: bool = True

    @property
    def chapter(self) -> str:
        """The letter of its chapter: ``B`` for ``B1``."""
        return self.code[0]


CHAPTERS = {
    "A": ("Chỉ đạo, triển khai", "Direction and organisation"),
    "B": ("Thông tin, tuyên truyền", "Communication"),
    "C": ("Lễ khai mạc, phát động", "Opening ceremonies"),
    "D": ("Hoạt động sách, thư viện", "Books and libraries"),
    "E": ("Lớp học, tập huấn, tọa đàm", "Classes, training, talks"),
    "F": ("Cuộc thi, sân chơi", "Contests"),
    "G": ("Kết quả tham gia", "Participation"),
    "H": ("Nguồn lực, khen thưởng", "Resources and commendation"),
    "K": ("Minh chứng", "Evidence"),
}
"""The chapters in the order in which reports print them: Vietnamese, then English."""

_COUNTED, _DECLARED, _EVIDENCE = Source.COUNTED, Source.DECLARED, Source.EVIDENCE

CATALOGUE = (
    Indicator(
        "A1",
        "Văn bản chỉ đạo, kế hoạch đã ban hành",
        "Plans and letters issued",
        "văn bản",
        _DECLARED,
    ),
    Indicator("A2", "Đơn vị có kế hoạch", "Units with a plan", "đơn vị", _COUNTED),
    Indicator(
        "A3", "Đơn vị có tổ chức hoạt động", "Units that held activities", "đơn vị", _COUNTED
    ),
    Indicator("A4", "Cuộc kiểm tra, đôn đốc", "Inspections", "cuộc", _DECLARED),
    Indicator("B1", "Băng rôn, khẩu hiệu", "Banners and slogans", "chiếc", _EVIDENCE),
    Indicator("B2", "Pa nô, áp phích", "Billboards and posters", "chiếc", _DECLARED),
    Indicator("B3", "Tờ rơi, tài liệu", "Leaflets and papers", "tờ", _DECLARED),
    Indicator(
        "B4",
        "Tin, bài trên cổng, trang thông tin điện tử",
        "News items on official websites",
        "tin, bài",
        _EVIDENCE,
    ),
    Indicator(
        "B5",
        "Tin, bài trên báo, đài, truyền thanh cơ sở",
        "News items in press, radio and loudspeakers",
        "lượt",
        _DECLARED,
    ),
    Indicator("B6", "Bài đăng mạng xã hội", "Posts on social networks", "bài", _DECLARED),
    Indicator(
        "B7",
        "Lượt tiếp cận trên mạng xã hội",
        "Reach on social networks",
        "lượt tiếp cận",
        _DECLARED,
    ),
    Indicator("C1", "Lễ khai mạc, phát động", "Opening ceremonies held", "cuộc", _COUNTED),
    Indicator("C5", "Điểm cầu", "Connecting points", "điểm", _DECLARED),
    Indicator("C6", "Người dự tại các điểm cầu", "People at connecting points", "người", _DECLARED),
    Indicator("C7", "Lượt xem trực tuyến", "Online views", "lượt xem", _DECLARED),
    Indicator(
        "D1",
        "Ngày hội sách, triển lãm, trưng bày sách",
        "Book fairs and exhibitions held",
        "cuộc",
        _COUNTED,
    ),
    Indicator("D3", "Sách trưng bày, giới thiệu", "Books shown", "cuốn", _DECLARED),
    Indicator("D4", "Sách quyên góp, tặng", "Books donated", "cuốn", _DECLARED),
    Indicator(
        "D5",
        "Thư viện, tủ sách xây mới, nâng cấp",
        "Libraries and bookcases built or improved",
        "cái",
        _DECLARED,
    ),
    Indicator("D6", "Câu lạc bộ đọc sách", "Reading clubs", "câu lạc bộ", _DECLARED),
    Indicator("E1", "Lớp học, tập huấn, bồi dưỡng", "Classes and training held", "lớp", _COUNTED),
    Indicator(
        "E3",
        "Hội thảo, tọa đàm, nói chuyện chuyên đề",
        "Talks and forums held",
        "cuộc",
        _COUNTED,
    ),
    Indicator(
        "E4",
        "Công chức, viên chức cử đi đào tạo, bồi dưỡng",
        "Staff sent on training",
        "người",
        _DECLARED,
    ),
    Indicator("F1", "Cuộc thi, hội thi, sân chơi", "Contests held", "cuộc", _COUNTED),
    Indicator("F2", "Bài dự thi", "Contest entries", "bài", _DECLARED),
    Indicator(
        "F2A",
        "Bài dự thi ghi âm (trong tổng số)",
        "Of these: audio recordings",
        "bài",
        _DECLARED,
    ),
    Indicator(
        "F2V",
        "Bài dự thi ghi hình (trong tổng số)",
        "Of these: video recordings",
        "bài",
        _DECLARED,
    ),
    Indicator("F3", "Người dự thi", "Contestants", "người", _DECLARED, summable=False),
    Indicator("F4", "Đơn vị dự thi", "Units in contests", "đơn vị", _DECLARED, summable=False),
    Indicator("F6", "Bài chọn gửi cấp trên", "Entries sent up", "bài", _DECLARED),
    Indicator("F7", "Giải thưởng đã trao", "Prizes given", "giải", _DECLARED),
    Indicator("G1", "Tổng lượt tham dự được ghi nhận", "Attendances recorded", "lượt", _COUNTED),
    Indicator(
        "G2",
        "Tổng số người tham gia, không trùng",
        "Distinct people",
        "người",
        _COUNTED,
        summable=False,
    ),
    Indicator(
        "G9",
        "Lượt tham dự ngoài hệ thống",
        "Attendances outside of the record",
        "lượt",
        _DECLARED,
    ),
    Indicator("H1", "Kinh phí ngân sách nhà nước", "State budget spent", "đồng", _DECLARED),
    Indicator("H2", "Kinh phí xã hội hóa", "Other funds raised", "đồng", _DECLARED),
    Indicator("H3", "Học bổng, suất quà", "Scholarships and gifts", "suất", _DECLARED),
    Indicator("H4", "Tập thể được khen thưởng", "Groups commended", "tập thể", _DECLARED),
    Indicator("H5", "Cá nhân được khen thưởng", "Persons commended", "người", _DECLARED),
    Indicator("K1", "Minh chứng đã lưu", "Pieces of evidence kept", "mục", _COUNTED),
)
"""Every indicator, in the order of the report."""

BY_CODE = {indicator.code: indicator for indicator in CATALOGUE}
DECLARABLE = tuple(i for i in CATALOGUE if i.source is not Source.COUNTED)
"""What a unit states itself; the others are counted."""

PASSAGES = {
    "coordination": ("Phân công, phối hợp", "Coordination"),
    "strengths": ("Ưu điểm", "Strengths"),
    "shortcomings": ("Tồn tại, hạn chế", "Shortcomings"),
    "causes": ("Nguyên nhân", "Causes"),
    "lessons": ("Bài học kinh nghiệm", "Lessons"),
    "directions": ("Phương hướng", "Directions"),
    "proposals": ("Kiến nghị, đề xuất", "Proposals"),
}
"""The passages that only the office can write: Vietnamese heading, then English."""

FRAME = {
    "addressees": ("Kính gửi", "Addressees"),
    "signing": ("Thẩm quyền ký, chức vụ", "Authority and title of the signer"),
    "signer": ("Họ và tên người ký", "Name of the signer"),
    "recipients": ("Nơi nhận", "Recipients"),
}
"""What stands around the text; each has a proposal, a line per row."""

KINDS = {
    "opening": "Lễ khai mạc, phát động",
    "banner": "Băng rôn, khẩu hiệu, pa nô",
    "news": "Tin bài, phát thanh",
    "books": "Triển lãm, trưng bày, ngày hội sách",
    "reading": "Hoạt động đọc sách, câu lạc bộ",
    "talk": "Tọa đàm, nói chuyện chuyên đề",
    "course": "Lớp học, tập huấn, bồi dưỡng",
    "contest": "Cuộc thi, hội thi, sân chơi",
    "resource": "Học liệu mở, thư viện số",
    "donation": "Quyên góp, tặng sách, học bổng",
    "review": "Sơ kết, tổng kết, khen thưởng",
    "other": "Hoạt động khác",
}
FORMATS = {"in_person": "Trực tiếp", "online": "Trực tuyến", "hybrid": "Kết hợp"}
GROUPS = {
    "staff": "Cán bộ, công chức, viên chức, người lao động",
    "teacher": "Nhà giáo",
    "learner": "Học sinh, sinh viên, học viên",
    "resident": "Người dân",
    "delegate": "Đại biểu",
    "unknown": "Không ghi đối tượng",
}
GRADES = {
    "staff_scan": "Cán bộ quét vé",
    "rotating_self_scan": "Tự quét mã đổi theo thời gian",
    "online_link": "Đường dẫn trực tuyến",
    "static_self_scan": "Tự quét mã cố định",
    "paper": "Danh sách ký tên",
    "headcount": "Đếm tại chỗ",
    "estimate": "Ước lượng",
    "declared": "Báo cáo của đơn vị",
}
"""How documents, always in Vietnamese, name what the database holds."""
