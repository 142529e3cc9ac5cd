"""Presses that wait are settled together, each as if it had come alone."""

import itertools
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from checkin import scanned, selfscan_sql, selfscan_store
from checkin.models import Attendance, Consent, Grade, Participant, Scan, ScanStatus
from checkin.passes import ScanPass, new_pass
from checkin.posters import poster_code
from checkin.scanned import remembered
from checkin.selfscan import Counted, Known, NotCounted, Press, Visitor
from checkin.selfscan_store import Bring
from checkin.signals import noticing
from checkin.signals.models import Doubt, Signal
from core.database import commit_together, database, transaction
from events.models import Activity, Counting
from tests.factories import DURING, a_participant, an_activity

REPEATED = ScanStatus.ALREADY_REDEEMED


@pytest.fixture
def fair(app: Any, given: Any, at: Any) -> Activity:
    at(DURING)
    return given(an_activity(counting=Counting.SELF_SCAN))  # type: ignore[no-any-return]


def a_press(activity: Activity, **facts: Any) -> Press:
    facts.setdefault("scan_pass", new_pass(activity.id, DURING, Grade.ROTATING_SELF_SCAN, 7))
    facts.setdefault("phone", facts["scan_pass"].id if facts["scan_pass"] else "")
    return Press(activity.id, now=DURING, **facts)


def settled(*presses: Press) -> list[Counted | NotCounted]:
    """All of them by one call and one COMMIT."""

    def all_of_it(connection: sa.Connection, _items: Any) -> list[list[Counted | NotCounted]]:
        return [selfscan_store.settle(connection, presses)]

    return commit_together(all_of_it, None)


def passes(stored: Any) -> list[str]:
    return sorted(attendance.pass_id for attendance in stored(Attendance))


def moved(activity: Activity, **minutes: int) -> None:
    """Let doors open and close at another time, behind the back of this process."""
    with database().turn, database().writer.begin() as connection:
        changed = sa.update(Activity).where(Activity.id == activity.id).values(**minutes)
        connection.execute(changed)


def test_many_ask_the_database_as_often_as_two(
    fair: Activity, monkeypatch: pytest.MonkeyPatch, stored: Any
) -> None:
    number = itertools.count()
    for module in (selfscan_sql, noticing, scanned):
        asked: Callable[..., Any] = module.ask  # type: ignore[attr-defined]

        def counting(*given: Any, _asked: Callable[..., Any] = asked, **values: Any) -> Any:
            next(number)
            return _asked(*given, **values)

        monkeypatch.setattr(module, "ask", counting)
    asked_for = []
    for many in (2, 50):
        before = next(number)
        settled(*(a_press(fair) for _ in range(many)))
        asked_for.append(next(number) - before)

    assert asked_for == [7, 7]
    assert len(stored(Attendance)) == 52


def test_one_pass_pressed_twice_in_the_same_round_counts_once(fair: Activity, stored: Any) -> None:
    press, other = a_press(fair), a_press(fair)

    first, second, third = settled(press, press, other)

    assert isinstance(first, Counted)
    assert isinstance(second, Counted)
    assert isinstance(third, Counted)
    assert (first.again, second.again, third.again) == (False, True, False)
    assert first.pass_id == second.pass_id
    assert [scan.status for scan in stored(Scan)] == [ScanStatus.OK, REPEATED, ScanStatus.OK]
    assert passes(stored) == sorted([press.nonce, other.nonce])


def test_one_person_on_two_phones_in_the_same_round_counts_once(
    fair: Activity, given: Any, stored: Any
) -> None:
    lan = given(a_participant("Lan"))
    first, second = a_press(fair, who=Known(lan.id)), a_press(fair, who=Known(lan.id))

    answers = settled(first, second)

    assert [a.pass_id for a in answers if isinstance(a, Counted)] == [first.nonce] * 2
    assert [a.participant_id for a in stored(Attendance)] == [lan.id]


def test_somebody_erased_meanwhile_counts_without_a_name(fair: Activity, stored: Any) -> None:
    (answer,) = settled(a_press(fair, who=Known(987_654)))

    assert isinstance(answer, Counted)
    assert [a.participant_id for a in stored(Attendance)] == [None]


def test_each_visitor_of_a_round_keeps_the_name_that_they_wrote(
    fair: Activity, stored: Any
) -> None:
    unit = fair.unit.short_name
    wrote = [Visitor("Lan", unit), Visitor("Huệ", "Tổ 3", "en"), Visitor("Cúc")]

    answers = settled(*(a_press(fair, who=who) for who in wrote))

    people = {person.id: person for person in stored(Participant)}
    told = [
        people[a.participant_id] for a in answers if isinstance(a, Counted) and a.participant_id
    ]
    assert [person.name for person in told] == ["Lan", "Huệ", "Cúc"]
    assert [person.unit_id for person in told] == [fair.unit_id, None, None]
    agreed = {c.participant_id: c.notice_version for c in stored(Consent)}
    assert [agreed[person.id][-2:] for person in told] == ["vi", "en", "vi"]


def test_what_is_odd_is_seen_within_a_round(fair: Activity, stored: Any) -> None:
    settled(*(a_press(fair, phone="one") for _ in range(7)), a_press(fair, phone="other"))

    good, less = Grade.ROTATING_SELF_SCAN, Grade.STATIC_SELF_SCAN
    grades = sorted(a.grade for a in stored(Attendance))
    assert grades == sorted([good] * 6 + [less] * 2)
    assert [doubt.signal for doubt in stored(Doubt)] == [Signal.ONE_PHONE] * 2


def test_a_round_of_good_and_bad_presses_answers_each(
    fair: Activity, given: Any, stored: Any
) -> None:
    later = given(
        an_activity(
            plan=fair.plan, counting=Counting.SELF_SCAN, starts_at=DURING + timedelta(hours=4)
        )
    )
    nowhere = ScanPass("x" * 22, 999_999, DURING)

    answers = settled(
        a_press(later),
        a_press(fair),
        a_press(fair, scan_pass=None),
        Press(999_999, nowhere, DURING),
    )

    opens = DURING + timedelta(hours=3, minutes=30)
    assert answers[0] == NotCounted(ScanStatus.TOO_EARLY, opens)
    assert isinstance(answers[1], Counted)
    assert answers[2:] == [NotCounted(ScanStatus.INVALID)] * 2
    kept = [ScanStatus.TOO_EARLY, ScanStatus.OK, ScanStatus.INVALID]
    assert [scan.status for scan in stored(Scan)] == kept


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The next look sees nobody counted, as when another process counts at that instant."""

    def look_away() -> None:
        seeing = selfscan_sql.counted
        looks: Iterator[Any] = itertools.chain([lambda *_: []], itertools.repeat(seeing))
        monkeypatch.setattr(selfscan_sql, "counted", lambda *given: next(looks)(*given))

    return look_away


def test_what_another_process_counted_at_that_instant_is_not_counted_twice(
    fair: Activity, blind: Callable[[], None], stored: Any
) -> None:
    mine, other = a_press(fair, who=Visitor("Lan")), a_press(fair)
    settled(mine)
    blind()

    again, new = settled(mine, other)

    assert isinstance(again, Counted)
    assert isinstance(new, Counted)
    assert (again.again, again.pass_id, new.again) == (True, mine.nonce, False)
    assert [person.name for person in stored(Participant)] == ["Lan"]
    assert [c.participant_id for c in stored(Consent)] == [again.participant_id]
    assert [scan.status for scan in stored(Scan)] == [ScanStatus.OK, REPEATED, ScanStatus.OK]
    assert passes(stored) == sorted([mine.nonce, other.nonce])


def test_companions_pressed_for_in_two_processes_are_added_once(
    fair: Activity, monkeypatch: pytest.MonkeyPatch, stored: Any
) -> None:
    press = a_press(fair)
    settled(press)
    item = Bring(fair.id, press.nonce, already=0, more=2, now=DURING)
    assert commit_together(selfscan_store.bring, item)
    monkeypatch.setattr(selfscan_store, "companions", lambda *_: set())

    assert commit_together(selfscan_store.bring, item)

    assert passes(stored) == [press.nonce, f"{press.nonce}+1", f"{press.nonce}+2"]
    statuses = [scan.status for scan in stored(Scan)]
    assert statuses == [ScanStatus.OK] * 3 + [REPEATED] * 2


def test_a_page_of_this_process_that_changes_the_hours_is_seen_at_once(
    app: Any, fair: Activity
) -> None:
    address = f"/s/{poster_code(fair.id)}"
    assert "Tôi có mặt" in app.test_client().get(address).text

    with transaction() as opened:
        opened.get_one(Activity, fair.id).opens_before = -60

    assert "Bắt đầu ghi nhận từ 09 giờ 00" in app.test_client().get(address).text


def test_hours_changed_by_another_process_judge_at_once_and_show_within_five_seconds(
    app: Any, fair: Activity, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/s/{poster_code(fair.id)}"
    client = app.test_client()
    page = client.get(address)
    moved(fair, opens_before=-60)

    data = {"pass": re.findall(r'name="pass" value="([^"]+)"', page.text)[0]}
    assert client.post(address, data=data).location == address
    assert stored(Attendance) == []
    assert [scan.status for scan in stored(Scan)] == [ScanStatus.TOO_EARLY]
    later = time.monotonic() + 4.9
    monkeypatch.setattr("checkin.remembered.time.monotonic", lambda: later)
    assert "Bắt đầu ghi nhận từ 09 giờ 00" in client.get(address).text


def test_the_page_of_everybody_differs_by_the_pass_alone(app: Any, fair: Activity) -> None:
    address = f"/s/{poster_code(fair.id)}"
    remembered.forget()
    phones = [app.test_client() for _ in range(3)]
    phones[2].set_cookie("locale", "en")

    first, second, english = (phone.get(address).text for phone in phones)

    tokens = [re.findall(r'name="pass" value="([^"]+)"', text) for text in (first, second)]
    assert tokens[0] != tokens[1]
    assert first.replace(tokens[0][0], "") == second.replace(tokens[1][0], "")
    assert f'name="next" value="{address}"' in first
    assert "csrf" not in first
    assert "I am here" in english
    assert "session" not in {cookie.key for cookie in phones[0]._cookies.values()}


def test_another_title_is_another_page(app: Any, fair: Activity) -> None:
    address = f"/s/{poster_code(fair.id)}"
    app.test_client().get(address)

    with transaction() as opened:
        opened.get_one(Activity, fair.id).title = "Ngày hội đọc sách"

    assert "Ngày hội đọc sách" in app.test_client().get(address).text


def test_a_door_that_opens_at_a_moment_is_the_same_for_all(fair: Activity) -> None:
    with database().reader.connect() as connection:
        facts = scanned.look_up(connection, [fair.id])[fair.id]
    (sitting,) = facts.sittings
    begins: datetime = fair.starts_at
    assert (sitting.opens_at, sitting.closes_at) == (
        begins - timedelta(minutes=30),
        fair.ends_at + timedelta(minutes=30),
    )
