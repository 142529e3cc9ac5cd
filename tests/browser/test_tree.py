"""A branch of a large tree found, moved with a preview, put back, planned; by keys on a phone."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role, UnitKind
from core import clock
from tests.browser import axe
from tests.factories import a_unit, an_account

pytestmark = pytest.mark.browser


@pytest.fixture
def admin(given: Any) -> Any:
    """Who administers a province of a hundred communes with ten schools each."""
    top = a_unit(code="tinh", name="Ủy ban nhân dân tỉnh", short_name="UBND tỉnh")
    communes = [
        a_unit(code=f"xa-{n}", name=f"UBND xã Mỹ An {n}", parent=top, kind=UnitKind.COMMUNE)
        for n in range(1, 101)
    ]
    given(top, *communes)
    given(*(
        a_unit(code=f"{commune.code}-{n}", name=f"Trường số {n} {commune.name[5:]}", parent=commune)
        for commune in communes for n in range(1, 11)
    ))  # fmt: skip
    return given(an_account((Role.ADMIN, top)))


def test_a_branch_is_found_moved_put_back_and_planned_on_a_phone(
    page_at, sign_in_as, admin
) -> None:
    page = page_at(360, 740)
    sign_in_as(page.context, admin)
    page.goto("/desk/units")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    branch = page.locator("details.unit-below").nth(1)
    branch.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert branch.get_by_role("link", name="Trường số 10 xã Mỹ An 1", exact=True).is_visible()

    page.fill("input[type=search]", "truong so 10 my an 77")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    assert "Có 1 đơn vị mang tên này" in page.inner_text("main")
    page.get_by_role("link", name="Trường số 10 xã Mỹ An 77").click()
    assert trail(page) == ["UBND tỉnh", "UBND xã Mỹ An 77", "Trường số 10 xã Mỹ An 77"]

    today = clock.local_day(clock.now())
    page.goto("/desk/units/xa-77/move")
    page.fill(".field:has(select[name=unit]) .choice-search", "ubnd my an 9")
    assert page.input_value("select[name=unit]") == "xa-9"
    shown = page.locator("select[name=unit] option:not([hidden])").all_inner_texts()
    assert len(shown) < 60
    assert all("9" in name for name in shown)
    page.get_by_role("button", name="Xem những gì đi theo").press("Enter")
    confirmed(page)
    assert trail(page) == ["UBND tỉnh", "UBND xã Mỹ An 9", "UBND xã Mỹ An 77"]
    page.goto(f"/desk/units/xa-77/move?unit=tinh&on={today:%d/%m/%Y}")
    confirmed(page)
    assert trail(page) == ["UBND tỉnh", "UBND xã Mỹ An 77"]

    page.goto(f"/desk/units/xa-77/merge?unit=xa-9&on={today + timedelta(days=40):%d/%m/%Y}")
    confirmed(page)
    assert "sẽ sáp nhập vào UBND xã Mỹ An 9" in page.inner_text("main")
    assert axe.faults(page) == []
    page.locator(".change-preview details.confirm > summary").press("Enter")
    page.locator("details.confirm[open] button").press("Enter")
    page.wait_for_selector(".flash-ok")
    assert "sẽ sáp nhập vào" not in page.inner_text("main")


def trail(page: Any) -> list[str]:
    return [text.strip() for text in page.locator(".unit-trail li").all_inner_texts()]


def confirmed(page: Any) -> None:
    """What is shown before a change names the ten schools; then it is confirmed."""
    page.wait_for_selector(".change-preview dd")
    assert page.locator(".change-preview dd").first.inner_text() == "10"
    page.locator(".change-preview button").press("Enter")
    page.wait_for_selector(".flash-ok")
