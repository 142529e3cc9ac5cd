"""Documents of our own in many manners, and what is understood of each."""

import re
import unicodedata
from datetime import date

import pytest

from events.models import ActivityKind, Audience, CampaignKind, Format
from events.proposals import document, reading
from events.proposals.proposal import DocumentKind, DutyRole, Proposal, WarningCode

DEPARTMENT = """UBND TỈNH BÌNH THUẬN                    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ VĂN HÓA, THỂ THAO                        Độc lập - Tự do - Hạnh phúc
VÀ DU LỊCH
Số:       /KH-SVHTTDL              Bình Thuận, ngày      tháng 9 năm 2024

KẾ HOẠCH
Triển khai Tuần lễ hưởng ứng học tập suốt đời
năm 2024 của ngành Văn hóa, Thể thao và Du lịch

Thực hiện Kế hoạch số 3390/KH-UBND ngày 18/9/2024 của UBND tỉnh về tổ chức Tuần lễ; Sở Văn hóa, \
Thể thao và Du lịch ban hành Kế hoạch triển khai như sau:

I- MỤC ĐÍCH
Nâng cao nhận thức của nhân dân.
II- NỘI DUNG
1- Thời gian tổ chức: từ ngày 01 - 07/10/2024.
2- Chủ đề: Phát triển văn hóa đọc, thúc đẩy học tập suốt đời.
3- Các hoạt động:
3.1. Treo pa nô, áp phích tại trụ sở Sở và Thư viện tỉnh.
3.2. Trưng bày, giới thiệu sách chuyên đề "Học, học nữa, học mãi"
- Thời gian: Từ ngày 30/9 đến ngày 07/10/2024
- Địa điểm: Thư viện tỉnh
3.3. Phối hợp với Tỉnh đoàn tổ chức cuộc thi "Thiếu nhi kể chuyện sách" vào ngày 05/10/2024 tại \
Nhà Thiếu nhi tỉnh.
III- TỔ CHỨC THỰC HIỆN
1- Giao Phòng Quản lý văn hóa chủ trì, phối hợp với Thanh tra Sở, Văn phòng Sở tham mưu \
triển khai; tổng hợp, báo cáo Sở Giáo dục và Đào tạo và UBND tỉnh trước ngày 14 tháng 10 năm 2024.
2- Thư viện tỉnh
- Xây dựng kế hoạch chi tiết, trình Giám đốc Sở phê duyệt chậm nhất ngày 25/9.
3- Đề nghị Phòng Văn hóa và Thông tin các huyện, thị xã, thành phố:
a) Hướng dẫn thư viện cấp huyện hưởng ứng;
b) Báo cáo kết quả về Sở (qua Phòng Quản lý văn hóa) trước ngày 10/10/2024 để tổng hợp, báo cáo \
UBND tỉnh.
Trên đây là Kế hoạch của Sở. Nếu có vướng mắc, các đơn vị báo cáo về Sở để kịp thời giải quyết./.

Nơi nhận:                                   KT. GIÁM ĐỐC
- UBND tỉnh (b/c);                          PHÓ GIÁM ĐỐC
- Sở GDĐT;
- Lưu: VT, QLVH.

                                            Võ Thành Huy
"""


def read(text: str) -> Proposal:
    return reading.read(document.from_text(text))


def codes(proposal: Proposal) -> list[WarningCode]:
    return [warning.code for warning in proposal.warnings]


def duties(proposal: Proposal) -> list[tuple[str, DutyRole, date | None]]:
    return [(duty.unit, duty.role, duty.due_on) for duty in proposal.duties]


def a_week(*body: str) -> str:
    """A short plan of a week around the lines that a test is about."""
    return "\n".join(
        [
            "UBND TỈNH HẬU GIANG",
            "SỞ NỘI VỤ",
            "Số: 12/KH-SNV",
            "Hậu Giang, ngày 20 tháng 9 năm 2024",
            "KẾ HOẠCH",
            "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2024",
            "I. THỜI GIAN",
            "Tuần lễ diễn ra từ ngày 01/10/2024 đến ngày 07/10/2024.",
            *body,
            "Nơi nhận:",
            "- Lưu: VT.",
            "GIÁM ĐỐC",
        ]
    )


def test_the_head_is_read_from_two_columns_with_blanks() -> None:
    proposal = read(DEPARTMENT)

    assert proposal.kind is DocumentKind.PLAN
    assert proposal.superior == "UBND tỉnh Bình Thuận"
    assert proposal.issuer == "Sở Văn hóa, Thể thao và Du lịch"
    assert (proposal.number, proposal.symbol) == (None, "KH-SVHTTDL")
    assert (proposal.place, proposal.issued_on) == ("Bình Thuận", None)
    assert proposal.title == (
        "Triển khai Tuần lễ hưởng ứng học tập suốt đời năm 2024 của ngành Văn hóa, Thể thao và "
        "Du lịch"
    )
    assert codes(proposal) == [WarningCode.BLANK_NUMBER, WarningCode.BLANK_DAY]


def test_the_week_its_theme_and_its_basis_are_read() -> None:
    proposal = read(DEPARTMENT)

    assert (proposal.starts_on, proposal.ends_on) == (date(2024, 10, 1), date(2024, 10, 7))
    assert proposal.theme == "Phát triển văn hóa đọc, thúc đẩy học tập suốt đời"
    assert proposal.bases == (
        "Kế hoạch số 3390/KH-UBND ngày 18/9/2024 của UBND tỉnh về tổ chức Tuần lễ",
    )


def test_activities_have_kind_place_days_and_the_line_they_came_from() -> None:
    found = [
        (a.kind, a.title, a.place, a.starts_on, a.ends_on, a.source.line)
        for a in read(DEPARTMENT).activities
    ]

    assert found == [
        (ActivityKind.BANNER, "Treo pa nô, áp phích", "trụ sở Sở và Thư viện tỉnh", None, None, 18),
        (
            ActivityKind.BOOKS,
            'Trưng bày, giới thiệu sách chuyên đề "Học, học nữa, học mãi"',
            "Thư viện tỉnh",
            date(2024, 9, 30),
            date(2024, 10, 7),
            19,
        ),
        (
            ActivityKind.CONTEST,
            'Cuộc thi "Thiếu nhi kể chuyện sách"',
            "Nhà Thiếu nhi tỉnh",
            date(2024, 10, 5),
            date(2024, 10, 5),
            22,
        ),
    ]


def test_each_duty_says_who_leads_who_helps_and_by_when() -> None:
    districts = "Phòng Văn hóa và Thông tin các huyện, thị xã, thành phố"

    assert duties(read(DEPARTMENT)) == [
        ("Phòng Quản lý văn hóa", DutyRole.LEAD, date(2024, 10, 14)),
        ("Thanh tra Sở", DutyRole.COORDINATE, date(2024, 10, 14)),
        ("Văn phòng Sở", DutyRole.COORDINATE, date(2024, 10, 14)),
        ("Thư viện tỉnh", DutyRole.DO, date(2024, 9, 25)),
        (districts, DutyRole.DO, None),
        (districts, DutyRole.DO, date(2024, 10, 10)),
    ]


def test_reports_say_to_whom_and_trouble_is_no_report() -> None:
    found = [(r.unit, r.to, r.due_on) for r in read(DEPARTMENT).reporting]

    assert found == [
        ("Phòng Quản lý văn hóa", ("Sở Giáo dục và Đào tạo", "UBND tỉnh"), date(2024, 10, 14)),
        ("Phòng Văn hóa và Thông tin các huyện, thị xã, thành phố", ("Sở",), date(2024, 10, 10)),
        ("Sở", ("UBND tỉnh",), None),
    ]


def test_the_foot_is_read_from_two_columns() -> None:
    proposal = read(DEPARTMENT)

    assert proposal.recipients == ("UBND tỉnh (b/c)", "Sở GDĐT", "Lưu: VT, QLVH")
    assert proposal.signer.authority == "KT. GIÁM ĐỐC"
    assert proposal.signer.title == "PHÓ GIÁM ĐỐC"


def test_a_proposal_survives_its_own_json() -> None:
    proposal = read(DEPARTMENT)

    assert Proposal.from_json(proposal.to_json()) == proposal


def test_decomposed_letters_are_read_the_same_and_told() -> None:
    proposal = read(unicodedata.normalize("NFD", DEPARTMENT))

    assert proposal.activities == read(DEPARTMENT).activities
    assert WarningCode.SPELLING in codes(proposal)


def test_names_and_numbers_are_nothing_that_rules_hang_on() -> None:
    swaps = {
        "Bình Thuận": "Cao Bằng",
        "BÌNH THUẬN": "CAO BẰNG",
        "Quản lý văn hóa": "Xây dựng nếp sống",
    }
    other = re.sub("|".join(swaps), lambda match: swaps[match.group()], DEPARTMENT)

    before, after = read(DEPARTMENT), read(other)

    assert after.superior == "UBND tỉnh Cao Bằng"
    assert [d[1:] for d in duties(after)] == [d[1:] for d in duties(before)]
    assert after.duties[0].unit == "Phòng Xây dựng nếp sống"
    assert after.activities == before.activities


def test_a_table_with_bars_gives_activities_and_duties() -> None:
    proposal = read(
        a_week(
            "II. NỘI DUNG",
            "| STT | Thời gian | Nội dung công việc | Chủ trì | Phối hợp | Địa điểm |",
            "|---|---|---|---|---|---|",
            "| 1 | 1/10/2024 | Lễ phát động | Văn phòng Sở | Đoàn Thanh niên | Sân Sở |",
            "| 2 | 2/10 - 4/10/2024 | Ngày hội sách | Công đoàn | | |",
            "| 3 | Cả tuần | Treo băng rôn | Văn phòng Sở | | |",
        )
    )

    assert [(a.kind, a.place, a.starts_on, a.ends_on) for a in proposal.activities] == [
        (ActivityKind.OPENING, "Sân Sở", date(2024, 10, 1), date(2024, 10, 1)),
        (ActivityKind.BOOKS, None, date(2024, 10, 2), date(2024, 10, 4)),
        (ActivityKind.BANNER, None, date(2024, 10, 1), date(2024, 10, 7)),
    ]
    assert duties(proposal) == [
        ("Văn phòng Sở", DutyRole.LEAD, None),
        ("Đoàn Thanh niên", DutyRole.COORDINATE, None),
        ("Công đoàn", DutyRole.LEAD, None),
        ("Văn phòng Sở", DutyRole.LEAD, None),
    ]


def test_format_and_audience_are_read_from_labels_and_sentences() -> None:
    proposal = read(
        a_week(
            "II. HOẠT ĐỘNG",
            "1. Tọa đàm về tự học. Hình thức: trực tiếp kết hợp trực tuyến. Đối tượng: người dân.",
            "2. Lớp tin học trực tuyến cho toàn thể công chức của Sở.",
            "3. Lễ khai mạc, thành phần: đại biểu được mời.",
        )
    )

    assert [(a.format, a.audience) for a in proposal.activities] == [
        (Format.HYBRID, Audience.EVERYONE),
        (Format.ONLINE, Audience.UNITS),
        (None, Audience.INVITED),
    ]


def test_an_activity_that_only_a_duty_names_is_an_activity() -> None:
    proposal = read(
        a_week("II. TỔ CHỨC THỰC HIỆN", "1. Văn phòng Sở treo băng rôn tại cổng trước ngày 30/9.")
    )

    assert [(a.kind, a.title, a.place) for a in proposal.activities] == [
        (ActivityKind.BANNER, "Treo băng rôn", "cổng")
    ]
    assert duties(proposal) == [("Văn phòng Sở", DutyRole.DO, date(2024, 9, 30))]


def test_a_movement_gives_its_phases_and_says_that_there_is_no_week() -> None:
    proposal = read(
        "UBND TỈNH HẬU GIANG\nSố: 5/KH-UBND\nHậu Giang, ngày 02 tháng 01 năm 2024\nKẾ HOẠCH\n"
        "Triển khai phong trào thi đua “Xây dựng xã hội học tập” giai đoạn 2023 - 2030\n"
        "I. THỜI GIAN\n"
        "- Giai đoạn 1: từ năm 2023 đến hết năm 2025. Sơ kết vào quý IV năm 2025.\n"
        "- Giai đoạn 2 (2026 - 2030): mở rộng.\n"
    )

    assert proposal.campaign is CampaignKind.MOVEMENT
    assert [(p.title, p.starts_on, p.ends_on) for p in proposal.phases] == [
        ("Giai đoạn 1", date(2023, 1, 1), date(2025, 12, 31)),
        ("Giai đoạn 2 (2026 - 2030)", date(2026, 1, 1), date(2030, 12, 31)),
    ]
    assert (proposal.starts_on, proposal.ends_on) == (None, None)
    assert codes(proposal) == [WarningCode.NO_WEEK]


def test_a_letter_asks_the_units_that_it_names() -> None:
    proposal = read(
        "BỘ GIÁO DỤC VÀ ĐÀO TẠO\nSố: 5607/BGDĐT-GDTX\nV/v tổ chức Tuần lễ hưởng ứng\n"
        "học tập suốt đời năm 2025\nHà Nội, ngày 17 tháng 9 năm 2025\nKính gửi: Các sở.\n"
        "Bộ Giáo dục và Đào tạo đề nghị các sở tổ chức Tuần lễ từ ngày 01/10/2025 đến 07/10/2025.\n"
        "Đề nghị các đơn vị gửi báo cáo kết quả về Bộ Giáo dục và Đào tạo trước ngày 25/10/2025.\n"
        "KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG\n"
    )

    assert proposal.kind is DocumentKind.LETTER
    assert proposal.title == "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2025"
    assert (proposal.issued_on, proposal.starts_on) == (date(2025, 9, 17), date(2025, 10, 1))
    assert [(r.unit, r.to) for r in proposal.reporting] == [
        ("các đơn vị", ("Bộ Giáo dục và Đào tạo",))
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Treo băng rôn trên địa bàn tỉnh Lào Cai.", WarningCode.FOREIGN_NAME),
        ("Ngày hội sách do ĐĂNG NHẬP HI88 tổ chức.", WarningCode.SPAM),
        ("Xem https://nhacai-xyz.top để biết thêm.", WarningCode.SPAM),
        ("Thực hiện nội dung 1, 2 và 9 Mục II của Kế hoạch.", WarningCode.BROKEN_REFERENCE),
        ("Hưởng ứng tuần lể học tập.", WarningCode.SPELLING),
    ],
)
def test_what_is_odd_is_said_with_its_line(line: str, code: WarningCode) -> None:
    warnings = read(a_week("II. NỘI DUNG", f"1. {line}", "2. Treo cờ.")).warnings

    assert [(w.code, w.source and w.source.line) for w in warnings] == [(code, 10)]
    assert warnings[0].text.endswith(".")


@pytest.mark.parametrize(
    "line",
    [
        "Treo băng rôn trên địa bàn tỉnh Hậu Giang, thành phố Cần Thơ.",
        "Giao lưu với Đoàn công tác của tỉnh Lào Cai.",
        "Xem trên trang https://haugiang.gov.vn và Facebook của Sở.",
        "Thực hiện khoản 1 Điều 5 của Luật Giáo dục.",
        "Làm chủ tri thức, xu hướng dân chủ, Ủy ban và Uỷ ban, hóa và hoá.",
        "Phòng dịch COVID-19, theo TT 24/2023, 07.KH/T9.",
    ],
)
def test_what_is_not_odd_is_left_alone(line: str) -> None:
    assert codes(read(a_week("II. NỘI DUNG", f"1. {line}", "2. Treo cờ."))) == []


def test_two_headings_with_one_number_are_told() -> None:
    warnings = read(a_week("II. NỘI DUNG", "Treo cờ.", "II. TỔ CHỨC", "Không có.")).warnings

    assert [(w.code, w.source and w.source.line) for w in warnings] == [(WarningCode.NUMBERING, 11)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n",
        "Nguyên liệu: 1 kg bột, 2 quả trứng.\n1. Trộn đều.\n2. Nướng 30 phút.",
        "HỢP ĐỒNG\nIn băng rôn Tuần lễ hưởng ứng học tập suốt đời năm 2024\nĐiều 1. Giá "
        "5.000.000 đồng "
        "cho 10 băng rôn, giao trước ngày 28/9/2024.",
        "HÓA ĐƠN\nSố: 0001\nIn băng rôn: 10 chiếc, thành tiền 5.000.000 đồng. Cảm ơn quý khách "
        "hàng đã "
        "mua hàng tại cửa hàng.",
        "BÁO CÁO\nKết quả Tuần lễ hưởng ứng học tập suốt đời năm 2024\nI. KẾT QUẢ\nĐã treo 30 "
        "băng rôn tại "
        "các trường trong tuần lễ học tập suốt đời.",
        "Trăm năm trong cõi người ta\nChữ tài chữ mệnh khéo là ghét nhau\nTrải qua một cuộc bể "
        "dâu\n"
        "Những điều trông thấy mà đau đớn lòng",
        "KẾ HOẠCH\nPhòng cháy, chữa cháy năm 2024\nI. NỘI DUNG\n1. Tổ chức tuần lễ phòng cháy "
        "từ ngày 01/10 "
        "đến 07/10/2024.",
    ],
)
def test_a_text_that_is_no_plan_of_ours_is_none(text: str) -> None:
    proposal = read(text)

    assert proposal.campaign is None
    assert codes(proposal) == [WarningCode.NOT_A_PLAN]
    assert (proposal.activities, proposal.duties) == ((), ())
