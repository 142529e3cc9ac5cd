"""The plan as DOCX against every rule of Decree 30/2020 that a program can check."""

import re
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from accounts.models import UnitKind
from core import clock
from core.measure import width
from events.documents import wording
from events.documents.plan import document
from events.models import (
    ActivityKind,
    ActivityState,
    Assignment,
    Deadline,
    DeadlineKind,
    DutyRole,
)
from tests.factories import a_campaign, a_plan, a_unit, an_activity

NOW = clock.at(date(2027, 9, 30), 9)
NUMBER = re.compile(r"^Số:\s*(\d{2,})?\s*/[A-ZĐ][A-ZĐa-zđ]*(-[A-ZĐ][A-ZĐa-zđ0-9.]*)+$")


@pytest.fixture
def plan(session):
    """The plan of a department with two activities, duties for two units and deadlines."""
    province = a_unit(
        name="Ủy ban nhân dân thành phố Cần Thơ", kind=UnitKind.PROVINCE, place="Cần Thơ",
        symbol="UBND", head_title="Chủ tịch",
    )  # fmt: skip
    unit = a_unit(
        name="Sở Giáo dục và Đào tạo", short_name="Sở GD&ĐT", parent=province, symbol="SGDĐT",
        head_title="Giám đốc",
    )  # fmt: skip
    office, school = (
        a_unit(name="Văn phòng Sở", parent=unit),
        a_unit(name="Trường THPT Châu Văn Liêm", parent=unit),
    )
    week = a_campaign(2027, theme="Đọc sách mỗi ngày", letter="Công văn số 12/BGDĐT-GDTX")
    week.deadlines = [
        Deadline(kind=DeadlineKind.UNIT_REPORT, due_at=clock.at(date(2027, 10, 10), 17)),
        Deadline(kind=DeadlineKind.DEPARTMENT_REPORT, due_at=clock.at(date(2027, 10, 15), 17)),
    ]
    made = a_plan(
        campaign=week, unit=unit, title="Kế hoạch tổ chức Tuần lễ hưởng ứng học tập suốt đời",
        bases=["Quyết định số 1373/QĐ-TTg ngày 30/7/2021"], purpose="Nâng cao nhận thức",
        requirements="- Thiết thực;\n- Tiết kiệm.",
    )  # fmt: skip
    made.activities = [
        an_activity(plan=made, title="Lễ khai mạc", kind=ActivityKind.OPENING),
        an_activity(plan=made, title="Bỏ", state=ActivityState.CANCELLED),
    ]
    made.assignments = [
        Assignment(unit=office, role=DutyRole.LEAD, duty="Tổng hợp báo cáo", task=1, position=1,
                   due_on=date(2027, 10, 8)),
        Assignment(unit=school, role=DutyRole.COORDINATE, duty="Tổng hợp báo cáo", task=1,
                   position=2, due_on=date(2027, 10, 8)),
        Assignment(unit=school, role=DutyRole.DO, duty="treo băng rôn.", position=3),
    ]  # fmt: skip
    session.add_all([province, unit, office, school, week, made])
    session.flush()
    return made


def opened(plan):
    return Document(BytesIO(document(plan, now=NOW)))


def texts(found):
    return [p.text for p in found.paragraphs if p.text]


def head(found, table, column):
    return [p for p in found.tables[table].rows[0].cells[column].paragraphs if p.text]


def foot(found, column):
    return [p for p in found.tables[-1].rows[0].cells[column].paragraphs if p.text]


def line(found, start):
    return next(p for p in found.paragraphs if p.text.startswith(start))


def test_the_page_is_a4_upright_with_the_margins_of_the_decree(plan) -> None:
    (section,) = opened(plan).sections

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm, 1) <= 25
    assert 20 <= round(section.bottom_margin.mm, 1) <= 25
    assert 30 <= round(section.left_margin.mm, 1) <= 35
    assert 15 <= round(section.right_margin.mm, 1) <= 20


def test_every_letter_is_times_new_roman_and_black(plan) -> None:
    found = opened(plan)

    runs = list(found.element.body.iter(qn("w:r")))

    assert len(runs) > 40
    for run in runs:
        properties = run.find(qn("w:rPr"))
        fonts = properties.find(qn("w:rFonts"))
        assert {fonts.get(qn(f"w:{s}")) for s in ("ascii", "hAnsi", "eastAsia", "cs")} == {
            "Times New Roman"
        }
        assert properties.find(qn("w:color")).get(qn("w:val")) == "000000"


def test_pages_are_numbered_in_the_top_margin_but_not_the_first(plan) -> None:
    (section,) = opened(plan).sections

    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert section.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert "PAGE" not in section.first_page_header._element.xml


def test_the_head_names_the_superior_the_issuer_and_the_country(plan) -> None:
    found = opened(plan)

    left, right = head(found, 0, 0), head(found, 0, 1)

    assert [(p.text, p.runs[0].bold) for p in left] == [
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ", False),
        ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", True),
    ]
    assert [p.text for p in right] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    ]  # fmt: skip
    assert [p.runs[0].font.size for p in right] == [Pt(13), Pt(14)]
    assert width(right[0].text, 13, bold=True) < 101


def test_number_and_day_are_left_to_the_records_office(plan) -> None:
    plan.issued_on = date(2027, 9, 30)

    found = opened(plan)

    (number,), (dated,) = head(found, 1, 0), head(found, 1, 1)
    assert number.text == "Số:      /KH-SGDĐT"
    assert NUMBER.match(number.text)
    assert dated.text == "Cần Thơ, ngày      tháng 9 năm 2027"
    assert dated.runs[0].italic


def test_the_signed_plan_carries_its_number_and_day_with_zeros(plan) -> None:
    plan.document_symbol, plan.issued_on = "05/KH-SGDĐT", date(2028, 2, 3)

    found = opened(plan)

    assert head(found, 1, 0)[0].text == "Số: 05/KH-SGDĐT"
    assert head(found, 1, 1)[0].text == "Cần Thơ, ngày 03 tháng 02 năm 2028"


def test_the_title_stands_in_two_bold_centred_lines_over_a_rule(plan) -> None:
    found = opened(plan)
    place = next(n for n, p in enumerate(found.paragraphs) if p.text == "KẾ HOẠCH")

    kind, about, rule = found.paragraphs[place : place + 3]

    assert about.text == "Tổ chức Tuần lễ hưởng ứng học tập suốt đời"
    for paragraph in (kind, about):
        assert paragraph.runs[0].bold
        assert paragraph.runs[0].font.size == Pt(14)
        assert paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER
    border = rule._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}")
    assert border.get(qn("w:val")) == "single"
    long = 165 - 2 * rule.paragraph_format.left_indent.mm
    assert 1 / 3 <= long / width(about.text, 14, bold=True) <= 1 / 2


def test_bases_are_italic_lines_that_end_in_semicolons_and_a_dot(plan) -> None:
    found = opened(plan)

    bases = [p for p in found.paragraphs if p.text.startswith("Căn cứ")]

    assert [p.text for p in bases] == [
        "Căn cứ Quyết định số 1373/QĐ-TTg ngày 30/7/2021;",
        "Căn cứ Công văn số 12/BGDĐT-GDTX.",
    ]
    assert all(p.runs[0].italic for p in bases)


def test_a_base_that_has_a_beginning_of_its_own_keeps_it(plan) -> None:
    plan.bases = ["Kế hoạch số 5/KH-UBND", "sau khi xem xét đề nghị của Sở", "Theo đề nghị của Hội"]

    said = [p.text for p in opened(plan).paragraphs]

    for line in ("Căn cứ Kế hoạch số 5/KH-UBND;", "Sau khi xem xét đề nghị của Sở;"):
        assert line in said
    assert any(line.startswith("Theo đề nghị của Hội") for line in said)


def test_the_body_is_justified_indented_and_numbers_itself(plan) -> None:
    found = opened(plan)

    headings = [t for t in texts(found) if re.match(r"[IVX]+\. ", t)]

    assert headings == [
        "I. MỤC ĐÍCH, YÊU CẦU", "II. CHỦ ĐỀ, THỜI GIAN", "III. NỘI DUNG", "IV. TỔ CHỨC THỰC HIỆN",
    ]  # fmt: skip
    for start in ("Nâng cao nhận thức.", "Sở Giáo dục và Đào tạo ban hành"):
        paragraph = line(found, start)
        assert paragraph.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
        assert paragraph.paragraph_format.first_line_indent == Mm(12.7)
        assert 1 <= paragraph.paragraph_format.line_spacing <= 1.5
        shape = paragraph.paragraph_format
        assert shape.space_before + shape.space_after >= Pt(6)
    assert [t for t in texts(found) if t.startswith(("- Thiết", "- Tiết"))] == [
        "- Thiết thực.", "- Tiết kiệm.",
    ]  # fmt: skip


def test_without_purpose_and_requirements_the_text_begins_with_the_theme(plan) -> None:
    plan.purpose = plan.requirements = ""

    assert "I. CHỦ ĐỀ, THỜI GIAN" in texts(opened(plan))


def test_the_table_has_what_is_held_and_repeats_its_head(plan) -> None:
    table = opened(plan).tables[2]

    assert [c.text for c in table.rows[0].cells] == wording.HEADINGS
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [row.cells[1].text for row in table.rows[1:]] == ["Lễ khai mạc"]
    assert sum(c.width.mm for c in table.rows[0].cells) <= 165.1
    for row in table.rows[1:]:
        assert row._tr.trPr.find(qn("w:cantSplit")) is not None


def test_duties_stand_under_the_unit_that_carries_them(plan) -> None:
    found = texts(opened(plan))
    begin = found.index("IV. TỔ CHỨC THỰC HIỆN")

    assert found[begin + 1 : begin + 8] == [
        "1. Văn phòng Sở",
        "Chủ trì, phối hợp với Trường THPT Châu Văn Liêm: tổng hợp báo cáo, hoàn thành trước "
        "ngày 08/10/2027.",
        "2. Trường THPT Châu Văn Liêm",
        "Treo băng rôn.",
        "3. Chế độ báo cáo",
        "- Các đơn vị được phân công gửi báo cáo kết quả thực hiện về Sở Giáo dục và Đào tạo "
        "trước 17 giờ 00 ngày 10/10/2027.",
        "- Sở Giáo dục và Đào tạo tổng hợp, báo cáo Ủy ban nhân dân thành phố Cần Thơ trước "
        "17 giờ 00 ngày 15/10/2027.",
    ]


def test_a_group_is_named_once_by_its_own_words(plan) -> None:
    for duty in plan.assignments:
        duty.group_name, duty.task = "các trường trực thuộc", 7
        duty.role, duty.duty, duty.due_on = DutyRole.DO, "Treo băng rôn", None

    found = texts(opened(plan))

    assert found.count("1. Các trường trực thuộc") == 1
    assert found.count("Treo băng rôn.") == 1
    assert "- Các trường trực thuộc (để t/h);" in [p.text for p in foot(opened(plan), 0)]


def test_the_text_ends_with_its_sign_and_stays_with_the_signature(plan) -> None:
    found = opened(plan)

    last = [p for p in found.paragraphs if p.text][-1]

    assert last.text.endswith("./.")
    assert last.paragraph_format.keep_with_next
    row = found.tables[-1].rows[0]._tr
    assert row.trPr.find(qn("w:cantSplit")) is not None


def test_recipients_and_signature_come_from_the_units_until_written(plan) -> None:
    receivers, signature = foot(opened(plan), 0), foot(opened(plan), 1)

    assert [p.text for p in receivers] == [
        "Nơi nhận:",
        "- Ủy ban nhân dân thành phố Cần Thơ (để b/c);",
        "- Lãnh đạo Sở GD&ĐT (để b/c);",
        "- Văn phòng Sở (để t/h);",
        "- Trường THPT Châu Văn Liêm (để t/h);",
        "- Lưu: VT.",
    ]
    assert (receivers[0].runs[0].font.size, receivers[1].runs[0].font.size) == (Pt(12), Pt(11))
    assert receivers[0].runs[0].bold
    assert receivers[0].runs[0].italic
    assert [p.text for p in signature] == ["GIÁM ĐỐC"]


def test_recipients_and_signature_are_those_written(plan) -> None:
    plan.recipients, plan.signer = "- Như trên;\n- Lưu: VT, GDTX.\n- UBND thành phố;", "Trần Thị B"
    plan.signing = "KT. Giám đốc\nPhó giám đốc"

    receivers, signature = foot(opened(plan), 0), foot(opened(plan), 1)

    assert [p.text for p in receivers][1:] == ["- UBND thành phố;", "- Lưu: VT, GDTX."]
    assert [p.text for p in signature] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Thị B"]


def test_a_people_s_committee_names_nobody_above_and_signs_for_the_collective(plan) -> None:
    plan.unit = plan.unit.parent
    plan.unit.parent = a_unit(name="Bộ", kind=UnitKind.MINISTRY)

    found = opened(plan)

    assert [p.text for p in head(found, 0, 0)] == ["ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ"]
    assert [p.text for p in foot(found, 1)] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


def test_many_activities_go_into_an_annex_across_that_the_text_names(session, plan) -> None:
    session.add_all([an_activity(plan=plan, title=f"Hoạt động {n}") for n in range(10)])
    session.flush()

    found = opened(plan)

    assert "Kế hoạch gồm 11 hoạt động, chi tiết tại Phụ lục kèm theo." in texts(found)
    text, annex = found.sections
    assert text.orientation == WD_ORIENT.PORTRAIT
    assert annex.orientation == WD_ORIENT.LANDSCAPE
    assert annex.different_first_page_header_footer
    assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    after = texts(found)[-3:]
    assert after[:2] == ["Phụ lục", "DANH MỤC HOẠT ĐỘNG"]
    assert after[2].startswith("(Kèm theo Kế hoạch số")
    assert len(found.tables[-1].rows) == 12


def test_an_empty_plan_still_makes_a_document(session) -> None:
    unit = a_unit(name="Trường", symbol="", place="")
    bare = a_plan(campaign=a_campaign(2027), unit=unit, title="Kế hoạch")
    session.add(bare)
    session.flush()

    found = opened(bare)

    assert head(found, 1, 0)[0].text == "Số:      /KH-……"
    assert texts(found)[-1].endswith("./.")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ((1, 7, 30), (1, 9, 0), "07 giờ 30 ngày 01/10/2027"),
        ((1, 7, 30), (3, 9, 0), "Từ 01/10/2027 đến 03/10/2027"),
        ((1, 0, 0), (2, 0, 0), "Ngày 01/10/2027"),
        ((1, 0, 0), (8, 0, 0), "Từ 01/10/2027 đến 07/10/2027"),
    ],
)
def test_times_are_written_as_in_letters(start, end, said: str) -> None:
    def at(day, hour, minute):
        return clock.at(date(2027, 10, day), hour, minute)

    activity = an_activity(starts_at=at(*start), ends_at=at(*end))

    assert wording.when(activity) == said


def test_a_bare_plan_still_reads_as_a_document(session) -> None:
    week = a_campaign(2027)
    unit = a_unit(name="Trung tâm học tập cộng đồng xã Đông Thuận", symbol="", head_title="")
    made = a_plan(campaign=week, unit=unit, title="Kế hoạch")
    made.activities = [an_activity(plan=made, title="Treo băng rôn", place="")]
    session.add(made)
    session.flush()

    written = [p.text for p in Document(BytesIO(document(made, now=NOW))).paragraphs if p.text]

    assert written[:2] == ["KẾ HOẠCH", "Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2027"]
    at = written.index("I. THỜI GIAN")
    assert written[at + 1] == "Từ ngày 01/10/2027 đến ngày 07/10/2027."
    assert not any("Kế hoạch kế hoạch" in line for line in written)
