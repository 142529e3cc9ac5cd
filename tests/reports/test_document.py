"""The DOCX against every rule of Decree 30/2020 that a program can check."""

import re
from io import BytesIO

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from accounts.models import UnitKind
from core.measure import width
from reports.declarations import proposed_frame
from reports.document import report
from reports.frozen import frozen
from tests.factories import a_unit
from tests.reports.weeks import Week

NUMBERED = re.compile(r"^Số:(\d{2,})?\s*/[A-ZĐ][A-ZĐa-zđ]*(-[A-ZĐ][A-ZĐa-zđ0-9.]*)+$")


@pytest.fixture
def week(given):
    return Week(given).filled()


def opened(week):
    return Document(BytesIO(report(week.frozen())))


def millimetres(length):
    return round(length / 36000, 1)


def everything(document):
    """Every paragraph, in tables and headers too."""
    yield from document.element.body.iter(qn("w:p"))
    for section in document.sections:
        for part in (section.header, section.first_page_header):
            yield from part._element.iter(qn("w:p"))


def text(element):
    return "".join(t.text or "" for t in element.iter(qn("w:t")))


def cell(document, table, column):
    return [p for p in document.tables[table].rows[0].cells[column].paragraphs if p.text]


def following(document, wanted):
    """The paragraphs from the one that begins so."""
    paragraphs = list(document.paragraphs)
    place = next(n for n, p in enumerate(paragraphs) if p.text.startswith(wanted))
    return paragraphs[place:]


def line(document, wanted):
    return following(document, wanted)[0]


def test_the_page_is_a4_with_the_margins_of_the_decree(week) -> None:
    for number, section in enumerate(opened(week).sections):
        size = {millimetres(section.page_width), millimetres(section.page_height)}
        landscape = number > 1
        assert size == {210.0, 297.0}
        assert (section.orientation == WD_ORIENT.LANDSCAPE) is landscape
        assert (section.page_width > section.page_height) is landscape
        assert 20 <= millimetres(section.top_margin) <= 25
        assert 20 <= millimetres(section.bottom_margin) <= 25
        assert 30 <= millimetres(section.left_margin) <= 35
        assert 15 <= millimetres(section.right_margin) <= 20


def test_every_letter_is_times_new_roman_and_black(week) -> None:
    document = opened(week)
    runs = [r for p in everything(document) for r in p.iter(qn("w:r"))]
    assert len(runs) > 100
    for run in runs:
        fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        assert {fonts.get(qn(f"w:{s}")) for s in ("ascii", "hAnsi", "eastAsia", "cs")} == {
            "Times New Roman"
        }
        assert run.find(f"{qn('w:rPr')}/{qn('w:color')}").get(qn("w:val")) == "000000"
        assert not [k for k in fonts.attrib if "Theme" in k]
    defaults = next(document.styles.element.iter(qn("w:rPrDefault")))
    assert next(defaults.iter(qn("w:rFonts"))).get(qn("w:ascii")) == "Times New Roman"


def test_the_head_stands_in_two_borderless_columns_without_padding(week) -> None:
    table = opened(week).tables[0]
    assert [millimetres(c.width) for c in table.rows[0].cells] == [64.0, 101.0]
    assert table.style is None or table.style.name == "Normal Table"
    margins = next(table._tbl.iter(qn("w:tblCellMar")))
    assert {m.get(qn("w:w")) for m in margins} == {"0"}


def test_the_national_name_is_bold_13_and_stands_on_one_line(week) -> None:
    name, motto = cell(opened(week), 0, 1)
    assert name.text == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert motto.text == "Độc lập - Tự do - Hạnh phúc"
    assert (name.runs[0].font.size, name.runs[0].bold) == (Pt(13), True)
    assert (motto.runs[0].font.size, motto.runs[0].bold) == (Pt(14), True)
    assert width(name.text, 13, bold=True) < 101
    assert name.alignment == motto.alignment == WD_ALIGN_PARAGRAPH.CENTER


def test_the_agency_is_bold_under_the_one_above_it(week) -> None:
    above, agency = cell(opened(week), 0, 0)
    assert above.text == "ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH"
    assert agency.text == "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    assert (above.runs[0].font.size, above.runs[0].bold) == (Pt(13), False)
    assert (agency.runs[0].font.size, agency.runs[0].bold) == (Pt(13), True)


def test_rules_are_borders_of_a_set_width(week) -> None:
    document = opened(week)
    head = document.tables[0].rows[0].cells
    agency, motto = (c.paragraphs[-1] for c in head)
    title = following(document, "BÁO CÁO")[2]
    for paragraph in (agency, motto, title):
        assert not paragraph.text
        border = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}")
        assert border.get(qn("w:val")) == "single"

    def long(paragraph, within):
        return within - 2 * millimetres(paragraph.paragraph_format.left_indent)

    assert long(motto, 101) == pytest.approx(
        width("Độc lập - Tự do - Hạnh phúc", 14, bold=True), abs=1
    )
    shown = 64 - 2 * millimetres(head[0].paragraphs[1].paragraph_format.left_indent)
    assert shown / 3 <= long(agency, 64) <= shown / 2
    subject = width("Kết quả tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2027", 14, bold=True)
    assert subject / 3 <= long(title, 165) <= subject / 2
    assert "____" not in "".join(text(p) for p in everything(document))
    assert not list(document.element.body.iter(qn("w:u")))


def test_number_and_day_are_left_to_the_records_office(week) -> None:
    document = opened(week)
    (number,) = cell(document, 1, 0)
    (dated,) = cell(document, 1, 1)
    assert number.text == "Số:      /BC-SKHCN"
    assert NUMBERED.match(number.text)
    assert number.runs[0].font.size == Pt(13)
    assert dated.text == "Thành phố Hồ Chí Minh, ngày      tháng 10 năm 2027"
    assert (dated.runs[0].italic, dated.runs[0].font.size) == (True, Pt(13))
    assert width(dated.text, 13, bold=False) < 101


def test_title_and_subject_are_bold_and_centred(week) -> None:
    document = opened(week)
    title, subject = following(document, "BÁO CÁO")[:2]
    assert subject.text == "Kết quả tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2027"
    for paragraph in (title, subject):
        assert paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert (paragraph.runs[0].bold, paragraph.runs[0].font.size) == (True, Pt(14))


def test_one_addressee_stands_on_the_line_and_several_under_it(week) -> None:
    assert line(opened(week), "Kính gửi").text == "Kính gửi: Sở Giáo dục và Đào tạo."

    week.write("addressees", "Bộ Giáo dục và Đào tạo\nỦy ban nhân dân Thành phố")
    assert [p.text for p in following(opened(week), "Kính gửi")[:3]] == [
        "Kính gửi:",
        "- Bộ Giáo dục và Đào tạo;",
        "- Ủy ban nhân dân Thành phố.",
    ]

    week.write("addressees", "")
    document = opened(week)
    assert not [p for p in document.paragraphs if p.text.startswith("Kính gửi")]
    assert "Như trên" not in document.tables[2].rows[0].cells[0].text


def test_the_text_is_justified_indented_and_spaced(week) -> None:
    document = opened(week)
    after = len(following(document, "Trên đây")) - 1
    for paragraph in following(document, "Thực hiện")[:-after]:
        shape = paragraph.paragraph_format
        assert paragraph.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
        assert millimetres(shape.first_line_indent) in {10.0, 12.7}
        assert shape.space_before + shape.space_after >= Pt(6)
        assert 1.0 <= shape.line_spacing <= 1.5
        assert {r.font.size for r in paragraph.runs} <= {Pt(13), Pt(14)}


def test_headings_number_themselves_without_gaps(week) -> None:
    week.write("directions", "Tiếp tục duy trì tủ sách.")
    document = opened(week)
    bold = [p.text for p in document.paragraphs if p.runs and p.runs[0].bold]
    parts = [t for t in bold if re.match(r"^[IVX]+\. ", t)]
    assert parts == [
        "I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI",
        "II. KẾT QUẢ THỰC HIỆN",
        "III. PHƯƠNG HƯỚNG, KIẾN NGHỊ, ĐỀ XUẤT",
    ]
    start = bold.index(parts[1])
    inside = bold[start + 1 : bold.index(parts[2])]
    assert [t.split(".")[0] for t in inside] == [str(n + 1) for n in range(len(inside))]


def test_figures_of_the_text_are_those_of_the_snapshot(week) -> None:
    whole = "\n".join(p.text for p in opened(week).paragraphs)
    assert "ghi nhận 1.127 lượt tham dự; trong đó 02 lượt có họ tên, của 02 người" in whole
    assert "Băng rôn, khẩu hiệu: 15 chiếc" in whole
    assert "Người dự thi: 90 người" in whole
    assert "08 giờ 00 ngày 08/10/2027" in whole
    assert "01/01 đơn vị trực thuộc chưa chốt số liệu báo cáo" in whole


def test_nothing_is_praised_that_nobody_wrote(week) -> None:
    whole = "\n".join(p.text for p in opened(week).paragraphs)
    for word in ("thành công", "tốt đẹp", "sôi nổi", "Ưu điểm", "mẫu của Bộ", "hiệu quả"):
        assert word not in whole


def test_the_text_ends_with_its_sign_and_names_its_annexes(week) -> None:
    document = opened(week)
    assert line(document, "Trên đây").text.endswith("./.")
    assert [p for p in document.paragraphs if "các Phụ lục I, II, III kèm theo" in p.text]


def test_receivers_are_small_and_the_file_copy_comes_last(week) -> None:
    head, *receivers = opened(week).tables[2].rows[0].cells[0].paragraphs
    assert head.text == "Nơi nhận:"
    run = head.runs[0]
    assert (run.font.size, run.bold, run.italic) == (Pt(12), True, True)
    assert receivers[0].text == "- Như trên;"
    assert receivers[-1].text == "- Lưu: VT."
    assert {p.runs[0].font.size for p in receivers} == {Pt(11)}
    assert all(p.text.endswith(";") for p in receivers[:-1])


def test_the_signer_is_free_text(week) -> None:
    week.write("signing", "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC")
    week.write("signer", "Trần Thị Mẫu")
    *titles, name = opened(week).tables[2].rows[0].cells[1].paragraphs
    assert [p.text for p in titles] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert name.text == "Trần Thị Mẫu"
    assert all(p.alignment == WD_ALIGN_PARAGRAPH.CENTER for p in [*titles, name])
    assert all(p.runs[0].bold for p in [*titles, name])


def test_pages_are_numbered_in_the_top_margin_but_not_the_first(week) -> None:
    sections = opened(week).sections
    assert len(sections) == 4
    for section in sections:
        assert section.different_first_page_header_footer
        assert not section.first_page_header.paragraphs[0].text
        number = section.header.paragraphs[0]
        assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert [i.text for i in number._p.iter(qn("w:instrText"))] == ["PAGE"]
        assert {r.font.size for r in number.runs} == {Pt(14)}
        start = section._sectPr.find(qn("w:pgNumType"))
        assert start.get(qn("w:start")) == "1"


def test_annexes_have_roman_numerals_only_when_there_are_several(given, week) -> None:
    document = opened(week)
    named = [p.text for p in document.paragraphs if p.text.startswith("Phụ lục")]
    assert named == ["Phụ lục I", "Phụ lục II", "Phụ lục III"]
    for numeral in named:
        paragraphs = [p for p in document.paragraphs if p.text == numeral]
        rest = following(document, "Phụ lục I")
        start = next(n for n, p in enumerate(rest) if p.text == numeral)
        paragraph, title, goes_with = rest[start : start + 3]
        assert len(paragraphs) == 1
        assert title.text.isupper()
        assert title.runs[0].bold
        assert paragraph.runs[0].font.size == Pt(14)
        assert goes_with.text.startswith("(Kèm theo Báo cáo số      /BC-SKHCN ngày      tháng 10")
        assert goes_with.runs[0].italic


def test_a_unit_without_anything_has_one_annex_and_says_so_neutrally(given) -> None:
    week = Week(given)
    with_one = week.snapshot("tttt")
    document = Document(BytesIO(report(frozen(with_one.snapshot))))
    whole = "\n".join(p.text for p in document.paragraphs)
    assert "chưa ghi nhận lượt tham dự nào" in whole
    assert [p.text for p in document.paragraphs if p.text.startswith("Phụ lục")] == ["Phụ lục"]
    assert "(Số liệu chi tiết tại Phụ lục kèm theo Báo cáo này)." in whole


def test_no_name_of_a_participant_is_printed(week) -> None:
    whole = "".join(text(p) for p in everything(opened(week)))
    assert "Trần Lan" not in whole
    assert "Lê Minh" not in whole


def test_a_chairperson_signs_on_behalf_of_the_collective() -> None:
    province = a_unit(kind=UnitKind.PROVINCE, head_title="Chủ tịch")
    department = a_unit(parent=province, head_title="GIÁM ĐỐC")

    assert proposed_frame(province)["signing"] == "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"
    assert proposed_frame(department)["signing"] == "GIÁM ĐỐC"
