"""Every page with the example weeks in it, as a phone and a desk show it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from accounts.models import Account
from checkin.models import Attendance, Participant, Registration, Standing
from checkin.passport.codes import code_of
from core.database import reading
from events.models import Activity, Counting, Plan
from reports.models import Snapshot
from tests.browser import axe

pytestmark = pytest.mark.browser

LOOKS = [(360, "vi", "light"), (1280, "vi", "light"), (360, "en", "dark")]
"""Width of the screen, language, colours."""
LIGHT = 100_000
"""Bytes that a visitor's page may weigh with its fonts."""


@pytest.fixture
def examples(app, tmp_path) -> dict[str, str]:
    """The example weeks, a frozen report, and what fills the places of addresses."""
    runner = app.test_cli_runner()
    for command in (
        ["rehearsal", "example-weeks"],
        ["reports", "export", "--year", "2026", "--unit", "so-khcn", "--format", "json",
         "--output", str(tmp_path / "report.json")],
    ):  # fmt: skip
        result = runner.invoke(args=command)
        assert result.exit_code == 0, result.output
    with reading() as opened:
        coming = opened.scalars(
            sa.select(Activity).where(Activity.slug.endswith("2027")).order_by(Activity.id)
        ).all()
        ticketed = next(a for a in coming if a.counting is Counting.TICKETS)
        seat = opened.scalars(
            sa.select(Registration).where(
                Registration.activity_id == ticketed.id,
                Registration.standing == Standing.CONFIRMED,
            )
        ).first()
        came = opened.scalars(
            sa.select(Participant).join(Attendance, Attendance.participant_id == Participant.id)
        ).first()
        snapshot = opened.scalars(sa.select(Snapshot)).one()
        assert seat is not None
        assert came is not None
        return {
            "activity": ticketed.slug,
            "ticket": seat.code,
            "plan": str(opened.scalars(sa.select(Plan.id)).first()),
            "snapshot": str(snapshot.id),
            "verify": snapshot.code,
            "passport": code_of(came),
        }


def test_pages_of_visitors_are_sound_and_light(page_at, examples) -> None:
    places = [
        "/",
        "/weeks/2026/",
        "/weeks/2027/?q=sach",
        f"/activities/{examples['activity']}",
        f"/tickets/{examples['ticket']}",
        "/s/",
        f"/verify/{examples['verify']}",
        "/passport/",
        f"/passport/{examples['passport']}",
        f"/passport/{examples['passport']}/data",
        "/sign-in",
        "/no-such-page",
    ]
    faults = [fault for look in LOOKS for fault in _faults(seen(page_at, *look), places, LIGHT)]
    assert faults == []


def test_pages_of_the_staff_are_sound(app, page_at, examples, sign_in_as) -> None:
    with reading() as opened:
        admin = opened.scalars(sa.select(Account).where(Account.email == "admin@example.com")).one()
    places = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and rule.rule.startswith(("/desk", "/office", "/account"))
        and not rule.rule.endswith((".csv", ".xlsx", "/sheets/file", "/sheets/new"))
    ] + [
        f"/desk/activities/{examples['activity']}",
        f"/desk/activities/{examples['activity']}/edit",
        f"/desk/activities/{examples['activity']}/move",
        f"/desk/plans/{examples['plan']}",
        "/desk/sheets/new?sheet=units",
        "/desk/search?q=sach",
        "/desk/timetable/?day=2027-10-02",
        f"/desk/plans/{examples['plan']}/release",
        f"/desk/plans/{examples['plan']}/give",
        "/desk/units/so-khcn",
        "/desk/units/so-khcn/move",
        "/desk/units/so-khcn/close",
        "/desk/weeks/2027",
        "/office/so-khcn/2026/",
        f"/office/snapshots/{examples['snapshot']}",
    ]
    faults = []
    for look in LOOKS:
        page = seen(page_at, *look)
        sign_in_as(page.context, admin)
        faults += _faults(page, places)
    assert faults == []


def seen(page_at: Callable[..., Page], width: int, locale: str, colours: str) -> Page:
    """A page as somebody with such a screen and such wishes has it."""
    page = page_at(width, color_scheme=colours)
    base = page.context.request.get("/healthz").url
    page.context.add_cookies([{"name": "locale", "value": locale, "url": base}])
    return page


def _faults(page: Page, places: list[str], most: int | None = None) -> list[tuple[Any, ...]]:
    """Foreign requests, complaints, pages wider than the screen, what axe finds serious."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    faults: list[tuple[Any, ...]] = []
    weighed: dict[str, int] = {}
    _listen(page, faults, weighed)
    for place in places:
        weighed.clear()
        answer = page.goto(place)
        status = answer.status if answer else 0
        if status != (404 if "no-such" in place else 200):
            faults.append((width, place, status))
            continue
        page.evaluate("document.fonts.ready")
        if page.evaluate("document.documentElement.lang") != _language(page):
            faults.append((width, place, "in another language"))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append((width, place, "wider than the screen"))
        if most is not None and sum(weighed.values()) > most:
            faults.append((width, place, "too heavy", sum(weighed.values())))
        faults += [(width, place, *found) for found in axe.faults(page)]
    return faults


def _language(page: Page) -> str:
    return next(c["value"] for c in page.context.cookies() if c["name"] == "locale")


def _listen(page: Page, faults: list[tuple[Any, ...]], weighed: dict[str, int]) -> None:
    def weigh(request: Any) -> None:
        weighed[request.url] = request.sizes()["responseBodySize"]

    def complain(message: Any) -> None:
        if message.type == "error" and "404" not in message.text:
            faults.append((page.url, message.text))

    def look(request: Any) -> None:
        if urlsplit(request.url).hostname not in {"127.0.0.1", None}:
            faults.append(("foreign request", request.url))

    events: list[tuple[Any, Callable[[Any], None]]] = [
        ("requestfinished", weigh),
        ("console", complain),
        ("request", look),
    ]
    for name, listener in events:
        page.on(name, listener)
