"""A unit phrase as a document writes it, and the unit of ours that it means."""

import pytest

from accounts.models import UnitKind
from events.proposals.matching import Directory, kind_of
from tests.factories import a_unit

UNITS = [
    ("gd", "Sở Giáo dục và Đào tạo", "Sở GD&ĐT", UnitKind.DEPARTMENT),
    ("vh", "Sở Văn hóa, Thể thao và Du lịch", "Sở VHTTDL", UnitKind.DEPARTMENT),
    ("xa", "Ủy ban nhân dân xã Hồ Sen", "Xã Hồ Sen", UnitKind.COMMUNE),
    ("ph", "Ủy ban nhân dân phường Bến Gỗ", "Phường Bến Gỗ", UnitKind.COMMUNE),
    ("kh", "Hội Khuyến học tỉnh", "Hội Khuyến học", UnitKind.ASSOCIATION),
]


@pytest.fixture
def province():
    name = "Ủy ban nhân dân tỉnh Lâm Sơn"
    top = a_unit(code="tinh", name=name, short_name="UBND tỉnh", kind=UnitKind.PROVINCE)
    below = [
        a_unit(parent=top, code=code, name=name, short_name=short, kind=kind)
        for code, name, short, kind in UNITS
    ]
    return [top, *below]


@pytest.mark.parametrize(
    ("phrase", "codes"),
    [
        ("Sở Giáo dục và Đào tạo", ["gd"]),
        ("SỞ GD&ĐT", ["gd"]),
        ("So GD-DT", ["gd"]),
        ("Sở Văn hóa, Thể thao và Du lịch", ["vh"]),
        ("Sở GD&ĐT, Hội Khuyến học tỉnh", ["gd", "kh"]),
        ("UBND tỉnh", ["tinh"]),
        ("UBND cấp xã", ["xa", "ph"]),
        ("UBND các huyện, thành phố", ["xa", "ph"]),
        ("Các sở, ban, ngành", ["gd", "vh"]),
        ("Công an tỉnh", []),
        ("các đơn vị liên quan", []),
        ("các cơ quan, tổ chức", []),
    ],
)
def test_a_phrase_means_the_units_that_bear_its_name(province, phrase, codes) -> None:
    found = Directory(province[0], province).match(phrase)

    assert [unit.code for unit in found.units] == codes


def test_what_is_missing_is_named_piece_by_piece(province) -> None:
    found = Directory(province[0], province).match(
        "Sở Thông tin và Truyền thông, Báo Lâm Sơn, Đài PT-TH tỉnh"
    )

    assert found.missing == ("Sở Thông tin và Truyền thông", "Báo Lâm Sơn", "Đài PT-TH tỉnh")


def test_a_group_without_members_is_no_missing_name(province) -> None:
    found = Directory(province[0], province).match("các trường THPT")

    assert (found.units, found.missing) == ((), ())


def test_units_above_are_known_but_carry_nothing(province) -> None:
    commune = province[3]
    found = Directory(commune, [commune], [province[0]]).match("UBND tỉnh")

    assert (found.units, found.outside) == ((), (province[0],))


def test_a_name_tells_what_sort_of_body_it_is() -> None:
    names = [
        "Sở Xây dựng", "UBND xã Hồ Sen", "Thư viện tỉnh", "Trường THPT A", "TT GDTX",
        "Báo Lâm Sơn", "Phòng Giáo dục", "Hội Khuyến học", "Hợp tác xã",
    ]  # fmt: skip

    assert [kind_of(name).value for name in names] == [
        "department", "commune", "library", "school", "centre", "press",
        "division", "association", "other",
    ]  # fmt: skip
