"""Names of units: where they begin, where a list of them parts, who is told what."""

import pytest

from events.proposals import units


@pytest.mark.parametrize(
    ("phrase", "parts"),
    [
        ("Sở Giáo dục và Đào tạo", ["Sở Giáo dục và Đào tạo"]),
        ("Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"]),
        ("UBND các huyện, thành phố", ["UBND các huyện, thành phố"]),
        ("Văn phòng HĐND và UBND xã", ["Văn phòng HĐND và UBND xã"]),
        ("Báo và Đài Phát thanh, Truyền hình tỉnh", ["Báo và Đài Phát thanh, Truyền hình tỉnh"]),
        ("các sở, ban, ngành, đoàn thể", ["các sở, ban, ngành, đoàn thể"]),
        (
            "Hội Khuyến học tỉnh, các đơn vị liên quan và UBND các huyện, thành phố",
            ["Hội Khuyến học tỉnh", "các đơn vị liên quan", "UBND các huyện, thành phố"],
        ),
        ("Sở Y tế và Sở Nội vụ", ["Sở Y tế", "Sở Nội vụ"]),
        ("Phòng Văn hóa, Khoa học và Thông tin", ["Phòng Văn hóa, Khoa học và Thông tin"]),
        ("công an xã, trạm y tế xã", ["công an xã", "trạm y tế xã"]),
    ],
)
def test_a_list_parts_where_a_new_unit_begins(phrase: str, parts: list[str]) -> None:
    assert units.parted(phrase) == parts


@pytest.mark.parametrize(
    ("text", "who", "what"),
    [
        ("Văn phòng Sở có trách nhiệm tổng hợp.", "Văn phòng Sở", "tổng hợp."),
        ("Các đơn vị trực thuộc: thực hiện mục 1.", "Các đơn vị trực thuộc", "thực hiện mục 1."),
        ("Giao Sở Y tế chủ trì việc này.", "Sở Y tế", "chủ trì việc này."),
        ("UBND tỉnh giao Sở Y tế chủ trì.", "Sở Y tế", "chủ trì."),
        ("Đề nghị Ban Tổ chức Tỉnh ủy phối hợp.", "Ban Tổ chức Tỉnh ủy", "phối hợp."),
        ("Trung tâm Giáo dục thường xuyên mở lớp.", "Trung tâm Giáo dục thường xuyên", "mở lớp."),
        ("Các tổ chức chính trị - xã hội vận động.", "Các tổ chức chính trị - xã hội", "vận động."),
        ("Phòng Phục vụ bạn đọc trực đến tối.", "Phòng Phục vụ bạn đọc", "trực đến tối."),
        ("Kết thúc Tuần lễ, Hội Khuyến học báo cáo.", "Hội Khuyến học", "báo cáo."),
        (
            "Căn cứ Kế hoạch này đề nghị trưởng các phòng tuyên truyền.",
            "trưởng các phòng",
            "tuyên truyền.",
        ),
    ],
)
def test_a_sentence_says_who_is_told_what(text: str, who: str, what: str) -> None:
    assert units.subject(text) == (who, what)


@pytest.mark.parametrize(
    "text", ["Tổ chức lễ khai mạc.", "Mỗi người dân đọc sách.", "", "Báo cáo về Sở."]
)
def test_a_sentence_without_a_unit_before_its_verb_tells_no_one(text: str) -> None:
    assert units.subject(text) is None


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Ủy ban nhân dân xây dựng kế hoạch", "Ủy ban nhân dân"),
        ("Hội Nông dân phối hợp với Đoàn Thanh niên", "Hội Nông dân"),
        ("Trung tâm Cung ứng dịch vụ công chịu trách nhiệm", "Trung tâm Cung ứng dịch vụ công"),
        ("UBND xã Xuân Thành chỉ đạo các thôn", "UBND xã Xuân Thành"),
        ("Trung tâm Xúc tiến đầu tư cử cán bộ", "Trung tâm Xúc tiến đầu tư"),
        ("Phòng Đăng ký kinh doanh làm thủ tục", "Phòng Đăng ký kinh doanh"),
        ("Chi cục Thống kê gửi số liệu", "Chi cục Thống kê"),
        ("Trường Trung cấp Công lập mở lớp", "Trường Trung cấp Công lập"),
    ],
)
def test_a_name_ends_before_what_its_unit_does(sentence, who):
    told = units.subject(sentence)

    assert told is not None
    assert told[0] == who
