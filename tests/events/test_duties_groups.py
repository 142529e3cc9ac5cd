"""Phrases of plans that mean several units."""

import pytest

from accounts.models import Unit, UnitKind
from events.duties.groups import expand, reach
from tests.factories import a_unit


@pytest.fixture(scope="module")
def units() -> dict[str, Unit]:
    """A province as it is since July 2025, two tiers."""
    rows = [
        ("tinh", "Ủy ban nhân dân tỉnh Mẫu", "UBND tỉnh", "province", None),
        ("gd", "Sở Giáo dục và Đào tạo", "Sở GD&ĐT", "department", "tinh"),
        ("kh", "Sở Khoa học và Công nghệ", "Sở KH&CN", "department", "tinh"),
        ("hoi", "Hội Khuyến học tỉnh", "Hội Khuyến học", "association", "tinh"),
        ("bao", "Báo và Phát thanh, Truyền hình tỉnh", "Báo và PT-TH tỉnh", "press", "tinh"),
        ("tich", "Ủy ban nhân dân phường Tích Lương", "Phường Tích Lương", "commune", "tinh"),
        ("dai", "Ủy ban nhân dân xã Đại Phúc", "Xã Đại Phúc", "commune", "tinh"),
        ("vp", "Văn phòng Sở Khoa học và Công nghệ", "Văn phòng Sở KH&CN", "division", "kh"),
        ("tt", "Trung tâm Chuyển đổi số", "TT Chuyển đổi số", "centre", "kh"),
        ("thpt", "Trường THPT Sông Công", "THPT Sông Công", "school", "gd"),
        ("gdtx", "Trung tâm Giáo dục thường xuyên tỉnh", "TT GDTX", "centre", "gd"),
        ("mn", "Trường Mầm non Hoa Sen", "MN Hoa Sen", "school", "tich"),
        ("th", "Trường Tiểu học Tích Lương", "TH Tích Lương", "school", "tich"),
        ("vhxh", "Phòng Văn hóa - Xã hội phường Tích Lương", "Phòng VHXH", "division", "tich"),
        ("tv", "Thư viện tỉnh", "Thư viện tỉnh", "library", "gd"),
    ]  # fmt: skip
    made: dict[str, Unit] = {}
    for code, name, short, kind, parent in rows:
        above = made.get(parent or "")
        made[code] = a_unit(code=code, name=name, short_name=short, kind=UnitKind(kind),
                            parent=above, parent_id=above.id if above else None)  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("issuer", "phrase", "codes"),
    [
        ("kh", "các đơn vị trực thuộc", "tt"),
        ("kh", "Các phòng chức năng, đơn vị trực thuộc Sở", "vp tt"),
        ("kh", "Đề nghị trưởng các phòng, đơn vị thuộc Sở", "vp tt"),
        ("kh", "Các đơn vị thuộc và trực thuộc Sở", "vp tt"),
        ("kh", "Văn phòng Sở", "vp"),
        ("kh", "các phòng chuyên môn thuộc Sở", "vp"),
        ("tinh", "UBND cấp xã", "tich dai"),
        ("kh", "UBND các xã, phường", "tich dai"),
        ("tinh", "4.7. Ủy ban nhân dân các xã, phường trên địa bàn tỉnh", "tich dai"),
        ("tinh", "UBND các xã, phường (trừ xã Đại Phúc)", "tich"),
        ("tinh", "Phòng Văn hóa - Xã hội các xã, phường", "vhxh"),
        ("tinh", "các sở, ban, ngành", "gd kh"),
        ("tinh", "Các sở, ban, ngành, đoàn thể", "gd kh hoi"),
        ("gd", "các trường THPT, Trung tâm GDTX", "thpt gdtx"),
        ("tinh", "các trường mầm non, tiểu học, THCS", "mn th"),
        ("tich", "các trường học trên địa bàn phường", "mn th"),
        ("tinh", "các đơn vị trực thuộc Sở GD-ĐT", "thpt gdtx tv"),
        ("tinh", "Sở Giáo dục và Đào tạo tỉnh Mẫu, Thư viện tỉnh và UBND cấp xã", "gd tich dai tv"),
        ("tinh", "các cơ quan báo chí, truyền thông", "bao"),
    ],
)
def test_a_phrase_means_these_units(units, issuer, phrase, codes) -> None:
    found = expand(phrase, units[issuer], units.values())

    assert {u.code for u in found.units} == set(codes.split())
    assert found.unknown == ()


def test_the_phrase_is_read_in_decomposed_letters_too(units) -> None:
    import unicodedata

    decomposed = unicodedata.normalize("NFD", "UBND các xã, phường")

    assert len(expand(decomposed, units["tinh"], units.values()).units) == 2


@pytest.mark.parametrize(
    ("phrase", "named", "unknown"),
    [
        ("các đơn vị liên quan", [], ("các đơn vị liên quan",)),
        ("UBND các huyện, thành phố", [], ("UBND các huyện", "thành phố")),
        ("Hội Khuyến học tỉnh, các đơn vị liên quan", ["hoi"], ("các đơn vị liên quan",)),
        ("các trường cao đẳng", [], ("các trường cao đẳng",)),
        ("", [], ()),
        ("; , và", [], ()),
    ],
)
def test_words_that_name_nobody_are_told_apart(units, phrase, named, unknown) -> None:
    found = expand(phrase, units["tinh"], units.values())

    assert ([u.code for u in found.units], found.unknown) == (named, unknown)


def test_an_office_of_the_province_reaches_its_sisters_and_a_school_nobody(units) -> None:
    assert reach(units["kh"]).covers(units["dai"])
    assert not reach(units["thpt"]).covers(units["dai"])
    assert not reach(units["tt"]).covers(units["kh"])
    assert expand("UBND cấp xã", units["thpt"], units.values()).units == ()
