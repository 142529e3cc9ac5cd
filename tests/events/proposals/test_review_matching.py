"""A unit phrase as a document writes it, and the unit of ours that it means."""

import pytest

from accounts.models import UnitKind
from events.proposals.doubting import about_units
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


@pytest.fixture
def merged(province):
    """A commune and a department that went into others, known by what went on for them."""
    gone = [
        (a_unit(name="Ủy ban nhân dân huyện Rừng Thông", short_name="UBND huyện Rừng Thông"), "xa"),
        (a_unit(name="Ủy ban nhân dân xã Bến Đò", short_name="Xã Bến Đò"), "ph"),
        (a_unit(name="Sở Thông tin và Truyền thông", short_name="Sở TT&TT"), "gd"),
        (a_unit(name="Ủy ban nhân dân tỉnh Sen Hồng", short_name="UBND tỉnh Sen Hồng"), "tinh"),
    ]
    by_code = {unit.code: unit for unit in province}
    return Directory(province[0], province, gone=[(unit, by_code[code]) for unit, code in gone])


@pytest.mark.parametrize(
    ("phrase", "codes", "former"),
    [
        ("UBND huyện Rừng Thông", ["xa"], ["UBND huyện Rừng Thông"]),
        ("Ủy ban nhân dân xã Bến Đò", ["ph"], ["Ủy ban nhân dân xã Bến Đò"]),
        ("Sở TT&TT tỉnh Lâm Sơn", ["gd"], ["Sở TT&TT tỉnh Lâm Sơn"]),
        ("UBND tỉnh Sen Hồng", ["tinh"], ["UBND tỉnh Sen Hồng"]),
        (
            "Sở Thông tin và Truyền thông, Sở Văn hóa, Thể thao và Du lịch, UBND xã Bến Đò",
            ["gd", "vh", "ph"],
            ["Sở Thông tin và Truyền thông", "UBND xã Bến Đò"],
        ),
        ("Sở GD&ĐT", ["gd"], []),
    ],
)
def test_the_name_of_a_unit_that_is_no_more_means_the_one_that_goes_on_for_it(
    merged, phrase, codes, former
) -> None:
    found = merged.match(phrase)

    assert [unit.code for unit in found.units] == codes
    assert [name for name, _ in found.former] == former
    assert found.missing == ()


def test_a_name_that_went_into_several_units_is_not_guessed(province) -> None:
    twins = [a_unit(name="Ủy ban nhân dân xã Tân Hòa") for _ in range(2)]
    gone = list(zip(twins, province[3:5], strict=True))

    found = Directory(province[0], province, gone=gone).match("UBND xã Tân Hòa")

    assert (found.units, found.former) == ((), ())


def test_the_name_of_a_former_province_means_the_one_of_today() -> None:
    top = a_unit(name="Ủy ban nhân dân tỉnh Bắc Ninh", kind=UnitKind.PROVINCE)
    paper = a_unit(parent=top, code="bao", name="Báo Bắc Ninh", kind=UnitKind.PRESS)

    found = Directory(top, [top, paper]).match("Báo Bắc Giang")

    assert (found.units, found.former) == ((paper,), (("Báo Bắc Giang", paper),))


def test_a_unit_that_takes_the_place_of_another_is_to_be_looked_at(merged) -> None:
    match = merged.match("UBND huyện Rừng Thông")

    (doubt,) = about_units(match, {"units": ["xa"]})

    assert doubt.facts == {
        "earlier": "UBND huyện Rừng Thông",
        "later": "Ủy ban nhân dân xã Hồ Sen",
    }
    assert not doubt.blocks
