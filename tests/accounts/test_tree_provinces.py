"""The provinces of today and the names they came from."""

from datetime import date

import pytest

from accounts import provinces
from accounts.models import Succession, Unit
from tests.factories import a_unit


def test_sixty_three_names_became_thirty_four_provinces() -> None:
    found = provinces.provinces()

    assert len(found) == len(provinces.present_names()) == 34
    before = [name for province in found for name in province.formed_from]
    assert len(before) == len(set(before)) == 63
    assert len([n for n in provinces.former_names() if n != "Thừa Thiên Huế"]) == 63 - 34


def test_the_communal_units_are_those_of_the_statistics_office() -> None:
    found = provinces.provinces()

    assert sum(province.wards for province in found) == 687
    assert sum(province.communes for province in found) == 2621
    assert sum(province.zones for province in found) == 13
    assert sum(province.communal_units for province in found) == 3321


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("Bắc Giang", "24"),
        ("tỉnh bắc giang", "24"),
        ("TP. Hồ Chí Minh", "79"),
        ("Ủy ban nhân dân Thành phố Hồ Chí Minh", "79"),
        ("Bà Rịa - Vũng Tàu", "79"),
        ("ba ria–vung tau", "79"),
        ("Thừa Thiên Huế", "46"),
        ("Đăk Lăk", "66"),
        ("Hòa Bình", "25"),
        ("Đồng Nai", "75"),
    ],
)
def test_find_knows_names_of_today_and_of_before_however_typed(asked: str, code: str) -> None:
    province = provinces.find(asked)

    assert province is not None
    assert province.code == code


@pytest.mark.parametrize("asked", ["", "Sài Gòn", "tỉnh", "Paris"])
def test_find_guesses_nothing(asked: str) -> None:
    assert provinces.find(asked) is None


def test_ranks_are_written_as_the_decree_asks() -> None:
    names = {province.code: province.full_name for province in provinces.provinces()}

    assert names["79"] == "Thành phố Hồ Chí Minh"
    assert names["01"] == "thành phố Hà Nội"
    assert names["04"] == "tỉnh Cao Bằng"


def test_load_provinces_makes_them_once_with_what_they_were_made_of(app, given, stored) -> None:
    root = given(a_unit(code="bo", name="Bộ"))
    run = app.test_cli_runner().invoke

    first = run(args=["accounts", "load-provinces", "--under", "bo"])
    again = run(args=["accounts", "load-provinces", "--under", "bo"])

    assert first.output == "63 units made, 29 linked with what they went into.\n"
    assert again.output == "0 units made, 0 linked with what they went into.\n"
    units = {unit.code: unit for unit in stored(Unit) if unit.id != root.id}
    assert sum(unit.is_there(date(2025, 7, 1)) for unit in units.values()) == 34
    assert sum(unit.is_there(date(2025, 6, 30)) for unit in units.values()) == 63
    assert units["ubnd-ho-chi-minh"].name == "Ủy ban nhân dân Thành phố Hồ Chí Minh"
    went = {link.earlier_id: link.later_id for link in stored(Succession)}
    assert len(went) == len(stored(Succession)) == 63 - 34
    assert went[units["ubnd-bac-giang"].id] == units["ubnd-bac-ninh"].id
    assert all(unit.path == f"{root.path}{unit.id}/" for unit in units.values())


def test_load_provinces_names_a_unit_that_is_missing(app, database_url) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "load-provinces", "--under", "no"])

    assert result.exit_code != 0
    assert "no" in result.output
