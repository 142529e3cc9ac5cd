"""Manners of writing that plans share, each in a few lines of its own."""

from datetime import date

import pytest

from events.models import ActivityKind
from events.proposals import dates, document, reading
from events.proposals.proposal import DutyRole, Proposal, WarningCode

HEAD = """UBND XÃ LÂM SƠN
Số: 12/KH-UBND
Lâm Sơn, ngày 20 tháng 9 năm 2025
KẾ HOẠCH
Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2025
"""
LETTER = """SỞ GIÁO DỤC VÀ ĐÀO TẠO
Số: 77/SGDĐT-GDTX
V/v hưởng ứng Tuần lễ học tập suốt đời          Lâm Sơn, ngày 22 tháng 9 năm 2025
Kính gửi: Các trường trung học phổ thông.
Theo đề nghị của Hội Khuyến học tỉnh, Sở Giáo dục và Đào tạo yêu cầu các đơn vị thực hiện:
"""


def read(text: str) -> Proposal:
    return reading.read(document.from_text(text))


@pytest.mark.parametrize(
    "said",
    [
        "Từ thứ Tư, ngày 01/10/2025 đến thứ Ba, ngày 07/10/2025",
        "Từ 01/10/2025 (thứ Tư) đến hết ngày 07/10/2025 (thứ Ba)",
        "từ thứ tư (01/10/2025) đến thứ ba (07/10/2025)",
        "bắt đầu từ thứ 4 ngày 01/10/2025 và kết thúc vào thứ 3 ngày 07/10/2025",
        "từ 7 giờ 30 phút ngày 01/10 đến 17h00 ngày 07/10/2025",
        "từ thứ Tư ngày 01 đến thứ Ba ngày 07/10/2025",
    ],
)
def test_a_run_of_days_may_name_the_hour_and_the_day_of_the_week(said):
    span = dates.held(said, 2025)

    assert span is not None
    assert (span.first, span.last) == (date(2025, 10, 1), date(2025, 10, 7))


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("7h30 - 9h00 ngày 05/10", 5, 5),
        ("7 giờ 30 - 9 giờ 00 ngày 05/10", 5, 5),
        ("02/10 và 03/10", 2, 3),
        ("ngày 02, 03/10", 2, 3),
        ("thứ Sáu (03/10) và thứ Bảy (04/10)", 3, 4),
    ],
)
def test_hours_are_no_days_and_single_days_joined_are_a_run(said, first, last):
    span = dates.held(said, 2025)

    assert span is not None
    assert (span.first.day, span.last.day) == (first, last)


def test_a_letter_lays_its_reports_on_those_it_asks():
    told = read(
        LETTER + "1. Treo băng rôn trước cổng trường.\n"
        "2. Báo cáo kết quả về Sở Giáo dục và Đào tạo trước 17 giờ ngày 10/10/2025."
    )

    (report,) = told.reporting
    assert (report.unit, report.to) == ("các đơn vị", ("Sở Giáo dục và Đào tạo",))
    assert report.due_on == date(2025, 10, 10)
    assert told.place == "Lâm Sơn"
    assert told.title == "Hưởng ứng Tuần lễ học tập suốt đời"


def test_two_bases_may_stand_in_one_sentence():
    told = read(
        HEAD + "Thực hiện Kế hoạch số 5/KH-UBND của UBND tỉnh và theo đề nghị của Phòng Văn hóa - "
        "Xã hội, UBND xã ban hành Kế hoạch như sau:\nI. NỘI DUNG\n1. Treo băng rôn.\n"
    )

    assert told.bases == (
        "Kế hoạch số 5/KH-UBND của UBND tỉnh",
        "theo đề nghị của Phòng Văn hóa - Xã hội",
    )


def test_a_heading_may_say_what_its_unit_is_beside_its_name():
    told = read(
        HEAD + "I. TỔ CHỨC THỰC HIỆN\n1. Phòng Văn hóa (cơ quan thường trực):\n"
        "a) Đôn đốc các đơn vị;\nb) Báo cáo UBND tỉnh trước ngày 20/10/2025.\n"
        "2. Công an xã; Trạm Y tế: Bảo đảm an toàn.\n3. UBND các thôn\n"
        "- Ban hành kế hoạch trước ngày 28/9/2025 và tổ chức triển khai.\n"
        "Yêu cầu thủ trưởng các đơn vị triển khai nghiêm túc Kế hoạch này./."
    )

    assert [(duty.unit, duty.role) for duty in told.duties] == [
        ("Phòng Văn hóa", DutyRole.DO),
        ("Phòng Văn hóa", DutyRole.DO),
        ("Công an xã; Trạm Y tế", DutyRole.DO),
        ("UBND các thôn", DutyRole.DO),
    ]
    assert [report.unit for report in told.reporting] == ["Phòng Văn hóa"]


def test_a_table_of_tasks_holds_duties_reports_and_activities():
    told = read(
        HEAD + "I. PHÂN CÔNG\nTT\tCông việc\tNgười phụ trách\tThời hạn\n"
        "1\tTrang trí khẩu hiệu, pa nô\tThầy Tuấn\t29/9\n"
        "2\tBáo cáo kết quả về UBND phường\tVăn thư\t08/10/2025\n"
    )

    assert [(duty.unit, duty.role) for duty in told.duties] == [
        ("Thầy Tuấn", DutyRole.LEAD),
        ("Văn thư", DutyRole.LEAD),
    ]
    assert [(r.unit, r.to, r.due_on) for r in told.reporting] == [
        ("Văn thư", ("UBND phường",), date(2025, 10, 8))
    ]
    assert [activity.kind for activity in told.activities] == [ActivityKind.BANNER]


def test_a_label_before_a_colon_is_no_activity():
    told = read(
        HEAD + "I. NỘI DUNG HOẠT ĐỘNG\n1. Công tác truyền thông: đăng tải tin, bài; treo băng rôn."
        "\n2. Hội thảo “Tự học” do Trường Cao đẳng chủ trì, ngày 05/10/2025.\n"
        "- Tổ chức chiếu phim phục vụ thiếu nhi: 8h30 - 10h30 ngày 05/10 (Thứ Bảy).\n"
    )

    assert [activity.title for activity in told.activities] == [
        "Đăng tải tin, bài",
        "Treo băng rôn",
        "Hội thảo “Tự học”",
        "Chiếu phim phục vụ thiếu nhi",
    ]


def test_a_commune_that_has_the_name_of_a_province_is_no_province():
    told = read(
        HEAD.replace("LÂM SƠN", "HÒA BÌNH").replace("Lâm Sơn", "Hòa Bình")
        + "Căn cứ Kế hoạch số 2/KH-UBND của UBND tỉnh Phú Thọ, UBND xã ban hành Kế hoạch:\n"
        "I. NỘI DUNG\n1. Treo băng rôn.\n"
    )

    assert WarningCode.FOREIGN_NAME not in [warning.code for warning in told.warnings]


def test_who_carries_an_activity_may_stand_below_it():
    told = read(
        HEAD + "I. THỜI GIAN\n- Lễ khai mạc tổ chức sáng ngày 01/10/2025 tại Nhà văn hóa xã.\n"
        "II. NỘI DUNG\n1. Tổ chức lễ khai mạc\n2. Tọa đàm về tự học\nThời gian: 8h00 ngày 03/10\n"
        "Đơn vị chủ trì: Hội Khuyến học xã\nĐơn vị phối hợp: Đoàn Thanh niên\n"
    )

    opening, talk = told.activities
    assert (opening.place, opening.starts_on) == ("Nhà văn hóa xã", date(2025, 10, 1))
    assert talk.title == "Tọa đàm về tự học"
    assert [(duty.unit, duty.role, duty.text) for duty in told.duties] == [
        ("Hội Khuyến học xã", DutyRole.LEAD, "Tọa đàm về tự học"),
        ("Đoàn Thanh niên", DutyRole.COORDINATE, "Tọa đàm về tự học"),
    ]


def test_a_list_of_two_named_things_is_two_activities():
    told = read(
        HEAD + "I. NỘI DUNG\n1. Tổ chức ngày hội đọc sách, nói chuyện về Luật Nhà giáo.\n"
        "2. Tổ chức các hoạt động triển lãm sách, thi kể chuyện sách.\n"
    )

    assert [activity.kind for activity in told.activities] == [
        ActivityKind.READING,
        ActivityKind.TALK,
        ActivityKind.BOOKS,
    ]


def test_a_week_may_be_told_by_its_days_and_activities_by_a_word_and_a_number():
    told = read(
        HEAD + "I. Thời gian\nTuần lễ diễn ra trong 7 ngày, kể từ ngày 01/10/2025.\n"
        "II. Nội dung hoạt động\nHoạt động 1: Mở lớp tin học ngày 02/10.\n"
        "Hoạt động 2: Ra mắt tủ sách cộng đồng.\n"
        "III. Phân công\nPhó Giám đốc trực tiếp điều hành các lớp.\n"
    )

    assert (told.starts_on, told.ends_on) == (date(2025, 10, 1), date(2025, 10, 7))
    assert [activity.title for activity in told.activities] == [
        "Mở lớp tin học",
        "Ra mắt tủ sách cộng đồng",
    ]
    assert [(duty.unit, duty.text) for duty in told.duties] == [
        ("Phó Giám đốc", "trực tiếp điều hành các lớp")
    ]


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Báo cáo kết quả của các trường gửi về UBND xã trước ngày 10/10/2025.", "các trường"),
        ("Định kỳ, Phòng Văn hóa báo cáo với UBND xã vào ngày 10/10/2025.", "Phòng Văn hóa"),
        ("Các thôn báo cáo kết quả về UBND xã trong ngày 10/10/2025.", "Các thôn"),
    ],
)
def test_a_report_says_whose_it_is_and_when_it_is_sent(said, who):
    (report,) = read(HEAD + f"I. TỔ CHỨC THỰC HIỆN\n1. Trạm Y tế cử cán bộ.\n2. {said}").reporting

    assert (report.unit, report.to) == (who, ("UBND xã",))
    assert report.due_on == date(2025, 10, 10)
