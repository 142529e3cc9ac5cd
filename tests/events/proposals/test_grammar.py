"""How documents are laid out and worded, each manner in the fewest lines that show it."""

import pytest

from events.models import ActivityKind
from events.proposals import document, reading
from events.proposals.proposal import DocumentKind, DutyRole, Proposal, WarningCode
from tests.events.proposals.test_manners import HEAD

BASIS = "Căn cứ Kế hoạch số 5/KH-UBND của UBND tỉnh về Tuần lễ, UBND xã ban hành Kế hoạch như sau:"


def read(*body: str) -> Proposal:
    return reading.read(document.from_text(HEAD + "\n".join([BASIS, *body])))


def named(proposal: Proposal) -> list[str]:
    return [activity.title for activity in proposal.activities]


def days(proposal: Proposal) -> list[str | None]:
    return [str(a.starts_on)[5:] if a.starts_on else None for a in proposal.activities]


@pytest.mark.parametrize(
    "body",
    [
        ["1. Tọa đàm về tự học. Dự kiến ngày 05/10."],
        ["1. Tọa đàm về tự học.", "Dự kiến ngày 05/10."],
        ["1. Tọa đàm về tự học", "+ Dự kiến ngày 05/10"],
        ["1. Tọa đàm về tự học. Thời gian dự kiến: 14 giờ ngày 05/10."],
        ["1. Tọa đàm về tự học. Được tổ chức vào ngày 05/10/2025."],
    ],
)
def test_the_day_may_stand_in_a_sentence_or_a_line_of_its_own(body):
    told = read("I. NỘI DUNG", *body)

    assert (named(told), days(told)) == (["Tọa đàm về tự học"], ["10-05"])


def test_in_a_list_of_activities_each_is_one_whatever_its_words():
    told = read(
        "I. NỘI DUNG",
        "- Đi bộ vì sự học",
        "- Treo băng rôn",
        "- Làm bưu thiếp tặng thầy cô",
        "- Tăng cường trách nhiệm của các cấp",
        "- Chuẩn bị kinh phí",
    )

    assert named(told) == ["Đi bộ vì sự học", "Treo băng rôn", "Làm bưu thiếp tặng thầy cô"]


def test_a_heading_lends_its_kind_to_what_stands_below():
    told = read("I. NỘI DUNG", "1. Lớp học cộng đồng:", "- Cắt may", "- Sửa xe máy")

    assert [(a.title, a.kind) for a in told.activities] == [
        ("Cắt may", ActivityKind.COURSE),
        ("Sửa xe máy", ActivityKind.COURSE),
    ]


def test_a_contest_for_each_class_is_one_contest():
    told = read(
        "I. NỘI DUNG", "1. Hội thi vui học", "a) Khối 1: buổi sáng", "b) Khối 2: buổi chiều"
    )

    assert named(told) == ["Hội thi vui học"]


@pytest.mark.parametrize(
    ("cell", "titles"),
    [
        ("Ngày hội sách; thi vẽ tranh", ["Ngày hội sách", "Thi vẽ tranh"]),
        ("Lễ khai mạc; đón tiếp đại biểu", ["Lễ khai mạc"]),
    ],
)
def test_a_cell_may_name_two_activities(cell, titles):
    told = read("I. NỘI DUNG", "TT\tNội dung\tNgày", f"1\t{cell}\t03/10/2025")

    assert named(told) == titles


@pytest.mark.parametrize(
    "group", ["II\tTrong Tuần lễ", "II. Trong Tuần lễ", "II\tTrong Tuần lễ\t\t"]
)
def test_rows_that_name_a_group_or_office_work_are_no_activities(group):
    told = read(
        "I. LỊCH HOẠT ĐỘNG",
        "STT\tNội dung\tThời gian\tNgười thực hiện",
        "1\tHọp triển khai kế hoạch\t25/9/2025\tBan Giám đốc",
        group,
        "2\tTrải nghiệm làm gốm\t04/10/2025\tTổ Giáo dục",
        "3\tBáo cáo kết quả gửi UBND xã\t10/10/2025\tVăn thư",
    )

    assert (named(told), days(told)) == (["Trải nghiệm làm gốm"], ["10-04"])
    assert [duty.unit for duty in told.duties] == ["Ban Giám đốc", "Tổ Giáo dục", "Văn thư"]
    assert [report.unit for report in told.reporting] == ["Văn thư"]


@pytest.mark.parametrize(
    "said",
    [
        "báo cáo nhanh về UBND xã trước ngày 05/10 và báo cáo tổng kết trước ngày 12/10/2025.",
        "báo cáo nhanh về UBND xã trước ngày 05/10; báo cáo tổng kết trước ngày 12/10/2025.",
        "gửi báo cáo nhanh về UBND xã trước ngày 05/10, nộp báo cáo tổng kết trước ngày 12/10.",
    ],
)
def test_two_reports_in_a_sentence_have_a_day_each(said):
    told = read("I. TỔ CHỨC THỰC HIỆN", "1. Trạm Y tế cử cán bộ.", f"2. Các thôn {said}")

    assert [(r.unit, r.to, str(r.due_on)) for r in told.reporting] == [
        ("Các thôn", ("UBND xã",), "2025-10-05"),
        ("Các thôn", ("UBND xã",), "2025-10-12"),
    ]


def test_the_day_of_a_report_is_the_one_after_its_word():
    told = read(
        "I. TỔ CHỨC THỰC HIỆN",
        "1. Các thôn ban hành kế hoạch trước ngày 26/9, gửi báo cáo về UBND xã trước ngày 10/10.",
    )

    assert [str(r.due_on) for r in told.reporting] == ["2025-10-10"]


@pytest.mark.parametrize(
    ("said", "is_broken"),
    [
        ("nội dung 2.5", True),
        ("nội dung 2.1 và 2.2", False),
        ("điểm 2.1 đến 2.4 Mục I", True),
        ("các nội dung 1, 2 Mục I", False),
        ("Mục V Kế hoạch này", True),
        ("Mục V Kế hoạch số 5/KH-UBND", False),
        ("khoản 2.3 Điều 5 của Luật", False),
    ],
)
def test_a_reference_points_at_something_that_is_there(said, is_broken):
    told = read(
        "I. NỘI DUNG",
        *("1. Treo băng rôn", "2. Hội thi", "2.1. Thi vẽ", "2.2. Thi viết"),
        "II. TỔ CHỨC THỰC HIỆN",
        f"1. Các thôn thực hiện {said}.",
    )
    found = [w.code for w in told.warnings]

    assert (WarningCode.BROKEN_REFERENCE in found) is is_broken


def test_lines_that_a_page_broke_are_put_together():
    told = read(
        "I. NỘI DUNG CÁC HOẠT ĐỘNG TRỌNG TÂM CỦA TUẦN LỄ TRÊN",
        "ĐỊA BÀN XÃ",
        "1. Tổ chức ngày hội đọc sách dành cho học sinh các trường trên địa",
        "bàn xã tại Quảng trường trung tâm và các nhà văn hóa thôn Bản",
        "Luốc, từ ngày 02/10 đến ngày 03/10/2025 theo đúng kế hoạch được",
        "duyệt.",
        "2",
        "2. Mở lớp tin học vào buổi tối cho người lớn tuổi chưa biết dùng",
        "điện thoại thông minh.",
        "II. PHÂN CÔNG",
        "1. Các thôn vận động nhân dân tham gia.",
    )

    reading_day, course = told.activities
    assert reading_day.place == "Quảng trường trung tâm và các nhà văn hóa thôn Bản Luốc"
    assert str(reading_day.ends_on) == "2025-10-03"
    assert course.kind is ActivityKind.COURSE
    assert [duty.unit for duty in told.duties] == ["Các thôn"]


def test_a_message_with_pictures_for_bullets_is_a_plan():
    told = reading.read(
        document.from_text(
            "📢 KẾ HOẠCH TUẦN LỄ HƯỞNG ỨNG HỌC TẬP SUỐT ĐỜI 2025\n🏫 Trường Tiểu học Đông Quý\n"
            "⏰ Thời gian: 1/10 - 7/10/2025\n📌 HOẠT ĐỘNG\n"
            "✅ Ngày hội sách – 7h30 sáng 3/10 tại sân\n"
            "1️⃣ Thi vẽ tranh\n📌 PHÂN CÔNG\n🔹 Tổ văn phòng: treo băng rôn trước 30/9\n"
        )
    )

    assert (told.kind, told.issuer) == (DocumentKind.PLAN, "Trường Tiểu học Đông Quý")
    assert str(told.starts_on) == "2025-10-01"
    assert named(told) == ["Ngày hội sách", "Thi vẽ tranh", "Treo băng rôn"]
    assert [str(duty.due_on) for duty in told.duties] == ["2025-09-30"]


def test_the_name_of_the_kind_need_not_be_in_capitals():
    told = reading.read(document.from_text(HEAD.replace("KẾ HOẠCH", "Kế hoạch") + BASIS))

    assert told.kind is DocumentKind.PLAN
    assert told.title == "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2025"


def test_a_letter_lays_its_list_on_whom_it_asks():
    told = read(
        "Hội Khuyến học xã đề nghị các chi hội:",
        "- Treo băng rôn trước ngày 30/9.",
        "- Phối hợp với trường học tặng sách.",
    )

    assert [(d.unit, d.role) for d in told.duties] == [
        ("các chi hội", DutyRole.DO),
        ("các chi hội", DutyRole.COORDINATE),
    ]


def test_a_phase_may_begin_and_end_in_a_month():
    told = reading.read(
        document.from_text(
            "KẾ HOẠCH\nPhong trào thi đua xây dựng xã hội học tập giai đoạn 2024 - 2026\n"
            "I. TIẾN ĐỘ\n1. Giai đoạn 1: từ tháng 4/2024 đến tháng 6/2025.\n"
            "2. Giai đoạn 2: từ tháng 7 năm 2025 đến hết năm 2026, tổng kết và khen thưởng.\n"
        )
    )

    assert [(str(p.starts_on), str(p.ends_on)) for p in told.phases] == [
        ("2024-04-01", "2025-06-30"),
        ("2025-07-01", "2026-12-31"),
    ]


def test_a_document_in_one_line_is_read_to_its_end():
    much = " ".join(f"Nội dung thứ {number} được giữ nguyên." for number in range(2000))
    lines = document.from_text(f"{much} Hết.").lines

    assert " ".join(line.text for line in lines) == f"{much} Hết."
    assert {line.number for line in lines} == {1}


def test_a_label_may_begin_with_a_preposition_and_a_number_may_be_dots():
    head = HEAD.replace("Số: 12/KH-UBND", "Số:…../KH-VHXH")
    told = reading.read(
        document.from_text(
            f"{head}{BASIS}\nI. NỘI DUNG\n1. Về thời gian: từ ngày 01/10 đến 07/10/2025.\n"
            "2. Về địa điểm: tại các thôn.\n3. Treo băng rôn.\n"
        )
    )

    assert (told.number, told.symbol) == (None, "KH-VHXH")
    assert [w.code for w in told.warnings] == [WarningCode.BLANK_NUMBER]
    assert (str(told.starts_on), named(told)) == ("2025-10-01", ["Treo băng rôn"])


def test_the_hours_of_a_ceremony_are_no_activities_of_their_own():
    told = read(
        "I. NỘI DUNG",
        "1. Lễ khai mạc: ngày 02/10/2025, toàn trường dự.",
        "* Chương trình lễ khai mạc:",
        "- 7 giờ 00 - 7 giờ 10: Văn nghệ",
        "- 7h10: Các lớp tặng sách cho thư viện",
        "2. Thi vẽ tranh.",
    )

    assert named(told) == ["Lễ khai mạc", "Thi vẽ tranh"]


def test_cells_that_were_pasted_one_on_a_line_are_a_table_again():
    told = read(
        "I. NỘI DUNG",
        *("TT", "Nội dung", "Thời gian", "Đơn vị thực hiện", "Đơn vị phối hợp"),
        *("1", "Lễ khai mạc", "01/10/2025", "Phòng Văn hóa", "Đoàn xã"),
        *("2", "Lớp cắm hoa", "03/10/2025", "Hội Phụ nữ xã"),
        "II. KINH PHÍ: ngân sách xã.",
    )

    assert (named(told), days(told)) == (["Lễ khai mạc", "Lớp cắm hoa"], ["10-01", "10-03"])
    assert [(duty.unit, duty.role) for duty in told.duties] == [
        ("Phòng Văn hóa", DutyRole.LEAD),
        ("Đoàn xã", DutyRole.COORDINATE),
        ("Hội Phụ nữ xã", DutyRole.LEAD),
    ]


def test_numbers_below_a_word_are_no_table_without_names_of_columns():
    told = read("I. NỘI DUNG", "TT", "1", "- Treo băng rôn")

    assert named(told) == ["Treo băng rôn"]


PLAIN = """UBND XA AN PHU
So: 12/KH-UBND
An Phu, ngay 20 thang 9 nam 2025
KE HOACH
To chuc Tuan le huong ung hoc tap suot doi nam 2025
I. THOI GIAN: tu ngay 01/10/2025 den ngay 07/10/2025
II. NOI DUNG
1. Treo bang ron tai cong tru so.
2. Le khai mac ngay 01/10/2025 tai hoi truong.
III. TO CHUC THUC HIEN
1. Cac truong hoc: gui bao cao ket qua ve UBND xa truoc ngay 10/10/2025.
"""


def test_a_plan_typed_without_diacritics_is_read_and_a_warning_says_so():
    told = reading.read(document.from_text(PLAIN))

    assert [a.kind for a in told.activities] == [ActivityKind.BANNER, ActivityKind.OPENING]
    assert (told.number, str(told.starts_on), told.place) == ("12", "2025-10-01", "An Phu")
    assert [str(r.due_on) for r in told.reporting] == ["2025-10-10"]
    assert [w.code for w in told.warnings] == [WarningCode.SPELLING]


def test_what_a_scanner_left_behind_the_last_sentence_is_dropped_and_told():
    told = read("I. TỔ CHỨC THỰC HIỆN", "1. Công an xã giữ trật tự theo quy định. / *han*")

    assert [duty.text for duty in told.duties] == ["giữ trật tự theo quy định"]
    assert WarningCode.SPELLING in [warning.code for warning in told.warnings]


@pytest.mark.parametrize(("point", "is_broken"), [("a", False), ("c", True)])
def test_a_letter_that_is_referred_to_has_to_be_there(point, is_broken):
    told = read(
        "I. NỘI DUNG",
        "1. Các hoạt động",
        "a) Treo băng rôn.",
        "b) Thi vẽ tranh.",
        "II. TỔ CHỨC THỰC HIỆN",
        f"1. Đoàn xã thực hiện điểm {point} khoản 1 mục I.",
    )

    codes = [warning.code for warning in told.warnings]
    assert (WarningCode.BROKEN_REFERENCE in codes) is is_broken


@pytest.mark.parametrize("when", ["trong suốt Tuần lễ", "trong suốt thời gian diễn ra Tuần lễ"])
def test_what_lasts_the_whole_week_has_its_days(when):
    told = read(
        "I. THỜI GIAN: từ 01/10/2025 đến 07/10/2025", "II. NỘI DUNG", f"1. Treo băng rôn {when}."
    )
    other = read("I. THỜI GIAN: từ 01/10/2025 đến 07/10/2025", "II. NỘI DUNG", "1. Treo băng rôn.")

    assert days(told) == ["10-01"]
    assert days(other) == [None]


def test_another_years_figures_and_yearly_reviews_are_no_activities():
    told = read(
        "I. NỘI DUNG",
        "1. Treo băng rôn. Năm 2020, toàn xã quyên góp 900 cuốn sách.",
        "2. Sơ kết vào cuối năm 2026.",
    )

    assert named(told) == ["Treo băng rôn"]


def test_an_anniversary_is_not_the_time_of_an_activity():
    told = read(
        "I. NỘI DUNG", "1. Lễ phát động mừng ngày hội (02/10/1996 - 02/10/2025), 02/10/2025."
    )

    assert days(told) == ["10-02"]


def test_a_long_text_that_asks_nobody_is_read_at_once():
    asking = "đề nghị " * 20_000

    assert reading.read(document.from_text(HEAD + asking)).duties == ()


def test_brackets_beside_a_unit_say_that_it_leads():
    told = read(
        "I. TỔ CHỨC THỰC HIỆN",
        "1. Phòng Kiểm kê - Bảo quản (chủ trì): bày hiện vật; báo cáo UBND xã trước 08/10/2025.",
        "2. Các chi, đảng bộ trực thuộc: quán triệt, tổ chức thực hiện.",
    )

    assert [(duty.unit, duty.role) for duty in told.duties] == [
        ("Phòng Kiểm kê - Bảo quản", DutyRole.LEAD),
        ("Các chi, đảng bộ trực thuộc", DutyRole.DO),
    ]
    assert [r.unit for r in told.reporting] == ["Phòng Kiểm kê - Bảo quản"]
