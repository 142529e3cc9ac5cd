"""What plans of the example weeks lay on units, and how far these are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from accounts.models import Account, Unit
from core import clock
from core.codes import new_code
from core.database import session
from events.duties import keeping, services
from events.duties.models import Chase, Handout
from events.duties.photos import taken_in
from events.models import Assignment, DutyRole, Plan

CHASER = "khuyenhoc@example.com"


@dataclass(frozen=True)
class When:
    """The moments of one of the two weeks."""

    year: int
    is_over: bool
    issued_at: datetime
    now: datetime

    @property
    def told_at(self) -> datetime:
        """When duties were handed out."""
        return self.issued_at + timedelta(hours=5)

    def due_on(self, facts: dict[str, Any]) -> date:
        """By which day."""
        if "due" in facts:
            return date(self.year, 10, facts["due"])
        if self.is_over:
            return date(self.year, 9, 30)
        return clock.local_day(self.now) + timedelta(days=facts["due_now"])


def lay(
    facts: dict[str, Any],
    plans: dict[str, Plan],
    units: dict[str, Unit],
    accounts: dict[str, Account],
    when: When,
) -> None:
    """The duties with what shows that they are done, the links of units, who was urged."""
    rows = [
        (_duty(one, position, plans[one.get("of", "ubnd-tinh")], units[one["unit"]], when), one)
        for position, one in enumerate(facts["duty"])
    ]
    session().add_all(row for row, _one in rows)
    session().flush()
    links = _links(row for row, _one in rows)
    for row, one in rows:
        if row.done_at:
            _show(row, one.get("past" if when.is_over else "shown", []), row.done_at)
    if not when.is_over:
        late = [row for row, one in rows if one.get("now") == "late"]
        _chase([links[row.plan_id, row.unit_id] for row in late], accounts[CHASER], when.now)
    _inspect(facts["inspection"], [row for row, _one in rows], when)
    session().flush()


def _duty(facts: dict[str, Any], position: int, plan: Plan, unit: Unit, when: When) -> Assignment:
    due_on, reached = when.due_on(facts), "done" if when.is_over else facts.get("now", "")
    told, received = when.told_at, when.told_at + timedelta(days=1)
    done = clock.at(due_on, 10) if when.is_over else clock.at(due_on - timedelta(days=1), 10)
    return Assignment(
        plan=plan,
        unit=unit,
        role=DutyRole(facts["role"]),
        duty=facts["duty"],
        due_on=due_on,
        told_at=told if reached else None,
        received_at=received if reached in {"received", "done", "excused"} else None,
        done_at=max(done, received) if reached == "done" else None,
        excused=facts.get("excused", "") if reached == "excused" else "",
        task=facts.get("task"),
        group_name=facts.get("group", ""),
        position=position,
    )


def _links(duties: Iterable[Assignment]) -> dict[tuple[int, int], Handout]:
    """The link of each unit that was told, for each plan."""
    links: dict[tuple[int, int], Handout] = {}
    for duty in duties:
        key = (duty.plan_id, duty.unit_id)
        if duty.told_at and key not in links:
            plan_id, unit_id = key
            links[key] = Handout(plan_id=plan_id, unit_id=unit_id, told_at=duty.told_at)
    session().add_all(links.values())
    session().flush()
    return links


def _show(duty: Assignment, pieces: list[dict[str, Any]], moment: datetime) -> None:
    for piece in pieces:
        note = piece.get("note", "")
        if "photo" not in piece:
            services.add_evidence(
                duty, note=note, link=piece.get("link", ""), count=piece.get("count"),
                measure=piece.get("measure", ""), now=moment,
            )  # fmt: skip
            continue
        picture, code = taken_in(_drawn(piece["photo"])), new_code(24)
        keeping.put(code, picture)
        services.add_photo(duty, picture, code=code, note=note, public=False, now=moment)


def _chase(links: Iterable[Handout], by: Account, now: datetime) -> None:
    """Somebody urged these units yesterday."""
    moment = clock.at(clock.local_day(now) - timedelta(days=1), 15)
    session().flush()
    for link in links:
        session().add(
            Chase(
                handout_id=link.id, account_id=by.id,
                chased_on=clock.local_day(moment), chased_at=moment,
            )
        )  # fmt: skip


def _inspect(rows: list[dict[str, Any]], duties: list[Assignment], when: When) -> None:
    for facts in rows:
        if when.is_over is not ("day" in facts):
            continue
        duty = next(
            d for d in duties if d.unit.code == facts["unit"] and d.duty.startswith(facts["duty"])
        )
        ago = timedelta(days=facts.get("ago", 0))
        day = date(when.year, 10, facts["day"]) if when.is_over else clock.local_day(when.now) - ago
        services.inspect(
            duty.plan.campaign, duty.unit, duty=duty, inspected_on=day,
            inspectors=facts["inspectors"], finding=facts["finding"], now=clock.at(day, 16),
        )  # fmt: skip


def _drawn(number: int) -> bytes:
    """A house, a tree and a banner between them, so that nobody real is in the picture."""
    sky, ground = (190 - 9 * number, 214, 232), (128 + 12 * number, 150, 110)
    picture = Image.new("RGB", (1280, 960), sky)
    draw = ImageDraw.Draw(picture)
    left = 60 + 110 * number
    draw.rectangle((0, 640, 1280, 960), fill=ground)
    draw.rectangle((left, 260, left + 560, 700), fill=(238, 225 - 14 * number, 190))
    draw.polygon([(left - 40, 260), (left + 600, 260), (left + 280, 120)], fill=(150, 70, 50))
    for window in range(4):
        x = left + 40 + 130 * window
        draw.rectangle((x, 430, x + 80, 540), fill=(90, 120 + 10 * number, 140))
    draw.ellipse((1180 - 190 * number, 300, 1380 - 190 * number, 560), fill=(60, 120, 70))
    draw.rectangle((left + 20, 310, left + 540, 390), fill=(190, 30, 40))
    for line in range(2):
        draw.rectangle((left + 60, 328 + 28 * line, left + 500, 338 + 28 * line), fill="gold")
    written = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1)).save(written, "JPEG", quality=90)
    return written.getvalue()
