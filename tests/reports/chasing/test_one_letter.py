"""One letter a morning: duties ride with what else is owed; what is settled stops it."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Account, Unit
from core import clock
from core.database import transaction
from events.duties import services as duties
from events.models import Assignment, Campaign, DutyRole, Plan
from notifications.delivery import Sender
from notifications.models import Message, MessageState
from notifications.outbox import NO_LONGER_DUE, Accepted, Outcome
from notifications.writing import Mail
from reports.chasing.models import Excuse, Obligation, Told
from reports.models import Declaration
from tests.factories import LONG_AGO, a_campaign, a_plan, a_unit
from tests.reports.chasing.test_chasing import EIGHTH, chased

MORNING = clock.at(EIGHTH, 7, 31)


@pytest.fixture
def duty(given, office, stored) -> Any:
    """Lay a duty on the library, due on a day, in a plan of the week."""
    week = stored(Campaign)[0].id
    library = next(unit for unit in stored(Unit) if unit.code == "thu-vien")
    plan: Plan = given(a_plan(unit=a_unit(), campaign=a_campaign(2030)))

    def lay(what: str, due_on: date) -> None:
        with transaction() as opened:
            kept = opened.get_one(Plan, plan.id)
            kept.campaign_id = week
            laid = {"role": DutyRole.DO, "duty": what, "due_on": due_on}
            opened.add(Assignment(plan_id=kept.id, unit_id=library.id, **laid))
            opened.flush()
            duties.hand_out(kept, now=LONG_AGO)

    return lay


def queued(stored: Any) -> list[str]:
    """On which occasions letters wait; those of days that went by before are missed."""
    waiting = [row for row in stored(Message) if row.state is MessageState.QUEUED]
    return [row.occasion for row in sorted(waiting, key=lambda row: row.id)]


def test_a_late_duty_rides_in_the_letter_about_the_report(
    clerk, duty, tick, letters, stored
) -> None:
    duty("Treo băng rôn", EIGHTH - timedelta(days=1))
    chased(clerk, "report")
    tick(MORNING)

    assert set(queued(stored)) == {"chasing_digest"}
    said = letters()["b@example.com"]
    assert "Chưa lập báo cáo" in said
    assert "Treo băng rôn (hạn 07/10/2027)" in said
    assert "Treo băng rôn" not in letters()["lan@example.com"]


def test_what_is_late_and_what_is_due_soon_come_together(duty, tick, letters, stored) -> None:
    duty("Treo băng rôn", EIGHTH - timedelta(days=1))
    duty("Gửi danh sách", EIGHTH + timedelta(days=2))
    tick(MORNING)
    tick(MORNING + timedelta(hours=1))

    assert queued(stored) == ["chasing_digest"]
    assert "Treo băng rôn" in letters()["b@example.com"]
    assert "Gửi danh sách" in letters()["b@example.com"]
    with transaction() as opened:
        opened.execute(sa.update(Assignment).values(done_at=clock.now()))
    assert letters() == {}


def test_one_thing_alone_keeps_its_own_letter_and_is_not_said_twice(
    clerk, duty, tick, letters, stored
) -> None:
    duty("Treo băng rôn", EIGHTH - timedelta(days=1))
    tick(MORNING)
    assert queued(stored) == ["duties_late"]

    chased(clerk, "report")
    tick(MORNING + timedelta(hours=1))
    assert set(queued(stored)) == {"duties_late", "chasing_digest"}
    digest = letters()["b@example.com"]
    assert "Chưa lập báo cáo" in digest
    assert "Treo băng rôn" not in digest


class Meanwhile:
    """A mail server at which a unit settles what it owes while the first letter is sent."""

    def __init__(self, settle: Any) -> None:
        self._settle, self.sent = settle, []

    def send(self, mail: Mail) -> Outcome:
        if not self.sent:
            with transaction() as opened:
                opened.add(self._settle)
        self.sent.append(mail.recipient)
        return Accepted("250")

    def hang_up(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("way", ["answered", "excused"])
def test_a_letter_that_is_claimed_is_not_sent_to_who_answered_or_was_excused(
    app, clerk, tick, stored, way
) -> None:
    chased(clerk, "figures")
    tick(MORNING)
    first, second = sorted(stored(Message), key=lambda row: row.id)
    units = {row.digest_id: row.unit_id for row in stored(Told)}
    facts = {"campaign_id": stored(Campaign)[0].id, "unit_id": units[int(second.subject)]}
    settled = (
        Declaration(indicator="B1", value=3, declared_at=clock.now(), **facts)
        if way == "answered"
        else Excuse(
            obligation=Obligation.FIGURES, reason="Đang sửa nhà", excused_at=clock.now(),
            account_id=the_clerk(stored), **facts,
        )
    )  # fmt: skip
    post = Meanwhile(settled)
    Sender(app, "one", to=post).run()

    assert post.sent == [first.recipient]
    kept = {row.id: row for row in stored(Message)}
    assert kept[first.id].state is MessageState.SENT
    assert kept[second.id].state is MessageState.SKIPPED
    assert kept[second.id].reason == NO_LONGER_DUE


def the_clerk(stored: Any) -> int:
    """Who excuses."""
    return next(row.id for row in stored(Account) if row.full_name == "Văn thư")
