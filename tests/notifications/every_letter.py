"""One case for every occasion: what makes it due, and what then happens instead."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from accounts.models import Account, Role, UnitKind
from checkin import notice, services
from checkin.models import Participant, Registration, Standing
from checkin.passport.models import PassportLetter
from checkin.services import Applicant
from core import clock
from core.database import session
from events import services as activities
from events.duties import services as duties
from events.duties.models import DutyChange, Handout
from events.models import (
    Activity,
    ActivityState,
    Assignment,
    Deadline,
    DeadlineKind,
    DutyRole,
    Plan,
    PlanState,
    Venue,
)
from events.releases import layer, reviews
from events.releases import services as releases
from events.releases.models import Review, ReviewState
from notifications.reminders import moments
from notifications.reminders.models import ReminderRule, RuleState
from notifications.trial import asked_for
from reports.chasing.models import Digest, Ladder, Obligation, Step, Told
from tests.events.duties_world import DUE
from tests.factories import (
    LONG_AGO,
    OPENING_DAY,
    a_campaign,
    a_message,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
)

THEN = clock.at(date(2027, 9, 15), 9)
"""When most of it happens."""
LATER = THEN + timedelta(hours=1)
"""When the world becomes another, just before a letter goes out."""
EVE = clock.at(OPENING_DAY - timedelta(days=1), 18)
AFTER = clock.at(date(2027, 10, 8), 8)
BY = releases.By(None)


@dataclass(frozen=True)
class Case:
    """How one letter comes to be due, what takes its reason away, and what goes out instead."""

    make: Callable[[], None]
    change: Callable[[datetime], None]
    instead: tuple[str, ...] = ()
    now: datetime = LATER


def the(kind: type[Any]) -> Any:
    """The latest one of its kind."""
    return session().scalars(sa.select(kind).order_by(kind.id.desc()).limit(1)).one()


def keep(*rows: Any) -> None:
    session().add_all(rows)
    session().flush()


def a_seat(**facts: Any) -> None:
    """Lan has a seat at a talk that a library holds."""
    top = a_unit(id=11, code="tinh", name="UBND tỉnh Thử Nghiệm", kind=UnitKind.PROVINCE)
    library = a_unit(
        id=12, parent=top, code="thu-vien", name="Thư viện tỉnh", email="thu-vien@example.com"
    )
    hall = Venue(name="Hội trường A", address="1 đường Lê Lợi", unit=library, capacity=200)
    talk = an_activity(
        plan=a_plan(campaign=a_campaign(), unit=library, released_at=LONG_AGO, version=1),
        slug="toa-dam", title="Tọa đàm: “Đọc sách cùng con”, mỗi ngày 30 phút",
        venue=hall, place="Tầng 2", seats=1,
    )  # fmt: skip
    lan = a_participant("Nguyễn Thị Lan", email="lan@example.com")
    lan.consents = [notice.consent(notice.REMINDERS, locale="vi", now=LONG_AGO)]
    facts = {"code": "MaVe", "short_code": "ABCD2345", "registered_at": THEN, **facts}
    keep(top, library, a_registration(activity=talk, participant=lan, **facts))


def a_seat_lost() -> None:
    a_seat(standing=Standing.WAITING, registered_at=LONG_AGO, seat_lost_at=THEN)


def moved(now: datetime) -> None:
    talk = the(Activity)
    activities.reschedule(
        talk, starts_at=talk.starts_at + timedelta(days=3, hours=1),
        ends_at=talk.ends_at + timedelta(days=3, hours=2), venue=None,
        place="Sân thư viện", now=now,
    )  # fmt: skip


def cancelled(now: datetime) -> None:
    activities.cancel(the(Activity), reason="Bão số 9 đổ bộ", now=now)


def withdrawn(now: datetime) -> None:
    services.withdraw(the(Registration), now=now)


def registered_again(now: datetime) -> None:
    lan = Applicant("Nguyễn Thị Lan", email="lan@example.com", reminders=True)
    services.register(the(Activity), lan, form_token="2", now=now)


def a_question(email: str | None) -> Callable[[], None]:
    def make() -> None:
        a_seat(registered_at=LONG_AGO)
        keep(PassportLetter(participant_id=the(Participant).id, asked_at=THEN, email=email))

    return make


def duties_told() -> None:
    """A ward is to hang banners and hears of it; an association helps."""
    top = a_unit(id=11, code="tinh", name="UBND tỉnh Thử Nghiệm", kind=UnitKind.PROVINCE)
    ward = a_unit(
        id=13, parent=top, code="phuong", name="UBND phường Tích Lương", email="phuong@example.com"
    )
    helper = a_unit(id=14, parent=top, code="hoi", name="Hội Khuyến học tỉnh")
    keep(a_plan(campaign=a_campaign(), unit=top, title="Kế hoạch Tuần lễ của tỉnh"), ward, helper)
    keep(an_account((Role.OBSERVER, top), full_name="Ông Khuyến Học"))
    for words, due_on in (("Treo băng rôn, khẩu hiệu", DUE), ("Mở thư viện lưu động", DUE)):
        task = duties.Task(words, due_on, "Theo mẫu của tỉnh", "UBND cấp xã")
        duties.give(the(Plan), task, carriers=[ward], coordinators=[helper])
    session().flush()
    duties.hand_out(the(Plan), now=THEN)


def duties_done(_now: datetime) -> None:
    for duty in session().scalars(sa.select(Assignment)):
        duty.done_at = THEN


def duties_put_off(_now: datetime) -> None:
    for duty in session().scalars(sa.select(Assignment)):
        duties.edit(duty, due_on=DUE + timedelta(days=9), remark="")


def duties_as_before(_now: datetime) -> None:
    for duty in session().scalars(sa.select(Assignment)):
        duties.edit(duty, due_on=DUE, remark="")


def duties_urged() -> None:
    duties_told()
    handout = session().scalars(sa.select(Handout).where(Handout.unit_id == 13)).one()
    moment = clock.at(DUE + timedelta(days=2), 9)
    duties.chase([handout], handout.unit, actor=the(Account), now=moment)


def two_versions() -> None:
    """The second version of a plan calls something off; a unit below has a duty in it."""
    top = a_unit(id=11, code="tinh", name="UBND tỉnh Thử Nghiệm", kind=UnitKind.PROVINCE)
    below = a_unit(id=13, parent=top, code="truong", name="Trường A", email="truong@example.com")
    plan = a_plan(unit=top, state=PlanState.DRAFT, title="Kế hoạch Tuần lễ của tỉnh")
    fair = an_activity(plan=plan, place="Nhà văn hóa", title="Ngày hội sách", slug="ngay-hoi")
    keep(below, plan, Assignment(plan=plan, unit=below, role=DutyRole.DO, duty="Việc"))
    releases.release(plan, None, note="", by=BY, now=LONG_AGO)
    releases.keep_cancellation(fair, reason="Mưa", by=None, now=LONG_AGO)
    releases.release(plan, None, note="Vì mưa lớn", by=BY, now=THEN)


def one_more(now: datetime) -> None:
    keep(an_activity(plan=the(Plan), place="Sân", title="Hội đọc", slug="hoi-doc"))
    activity = the(Activity)
    activity.state = ActivityState.DRAFT
    session().flush()
    releases.release(the(Plan), None, note="", by=BY, now=now)


def plan_off() -> None:
    two_versions()
    releases.cancel_plan(the(Plan), reason="Bão số 9", with_activities=False, now=THEN)


def laid_before() -> None:
    top = a_unit(id=11, code="tinh", name="UBND tỉnh Thử Nghiệm", kind=UnitKind.PROVINCE)
    school = a_unit(id=13, parent=top, code="truong", name="Trường A")
    plan = a_plan(unit=school, state=PlanState.DRAFT, title="Kế hoạch Tuần lễ của trường")
    asker = an_account((Role.ORGANISER, school), email="truong@example.com")
    above = an_account((Role.ORGANISER, top), email="tinh@example.com")
    keep(
        plan,
        an_activity(plan=plan, state=ActivityState.DRAFT, place="Trường", slug="hoi-doc"),
        asker,
        above,
    )
    reviews.ask_to_see(top, by=None, now=LONG_AGO)
    reviews.lay_before(plan, top, note="Kính trình", by=asker, now=THEN - timedelta(hours=1))


def answered(now: datetime) -> None:
    review = the(Review)
    shown = reviews.digest(layer.items(review.plan))
    above = session().scalars(sa.select(Account).where(Account.email == "tinh@example.com")).one()
    reviews.answer(
        review, approved=False, remark="Bổ sung địa điểm", shown=shown, by=above, now=now
    )


def an_answer() -> None:
    laid_before()
    answered(THEN)


def answer_taken_back(_now: datetime) -> None:
    the(Review).state = ReviewState.ASKED


def a_report() -> None:
    top = a_unit(id=11, code="tinh", name="UBND tỉnh Thử Nghiệm", kind=UnitKind.PROVINCE)
    school = a_unit(id=13, parent=top, code="truong", name="Trường A", email="truong@example.com")
    facts = {"kind": DeadlineKind.DEPARTMENT_REPORT, "letter": "Công văn 123/SGDĐT"}
    due_at = clock.at(date(2027, 10, 10), 17)
    keep(top, school, Deadline(campaign=a_campaign(), due_at=due_at, **facts))


def put_off(_now: datetime) -> None:
    the(Deadline).due_at += timedelta(days=20)


def a_digest() -> None:
    """Two schools owe their reports, and the office above them is told."""
    top = a_unit(id=11, code="so", name="Sở Giáo dục", email="so@example.com")
    schools = [
        a_unit(id=number, parent=top, code=f"truong-{number}", name=f"Trường {number}")
        for number in (13, 14)
    ]
    ladder = Ladder(
        unit=top, campaign=a_campaign(), obligation=Obligation.REPORT, on_since=LONG_AGO
    )
    digest = Digest(
        on_date=AFTER.date(), recipient="so@example.com", unit=top, locale="vi",
        due_at=AFTER, useful_until=AFTER + timedelta(days=1),
    )  # fmt: skip
    keep(*schools, ladder, digest)
    facts = {"digest": digest, "ladder": ladder, "step": Step.PARENT}
    keep(*(Told(unit=school, **facts) for school in schools))


def ladder_off(_now: datetime) -> None:
    the(Ladder).on_since = None


def a_reminder() -> None:
    a_seat(registered_at=LONG_AGO)
    library = the(Activity).unit
    rule = ReminderRule(
        unit=library, sort="activity", subject_id=the(Activity).id, state=RuleState.ON,
        anchor="start", days=-3, at_minute=480, audience="seat_holders",
        title_vi="Sắp tới: {activity}",
        text_vi="Kính gửi ông/bà {name}.\n\n{activity}, {when}\n{place}\n\nVé: {link}",
        title_en="Soon: {activity}", text_en="Dear {name}, {when}, {place}. Ticket: {link}",
        created_at=LONG_AGO, changed_at=LONG_AGO, on_since=LONG_AGO,
    )  # fmt: skip
    keep(rule)
    moments.work_out(moments.outdated())


def a_trial() -> None:
    top = a_unit(id=11, code="tinh", name="UBND tỉnh Thử Nghiệm", kind=UnitKind.PROVINCE)
    keep(top, an_account((Role.ADMIN, top), full_name="Chị Tổ Chức", email="lan@example.com"))
    keep(a_message(**asked_for(the(Account), top, LATER), attempts=0))


def closed(now: datetime) -> None:
    for account in session().scalars(sa.select(Account)):
        account.closed_at = now


def promoted(now: datetime) -> None:
    services.promote(the(Activity), now=now)


def taken_up(_now: datetime) -> None:
    releases.resume_plan(the(Plan))


def erased(_now: datetime) -> None:
    the(Participant).name = the(Participant).email = None


def address_taken(_now: datetime) -> None:
    the(PassportLetter).email = ""


def after(*happened: Callable[[datetime], None]) -> Callable[[], None]:
    """A seat taken long ago, and what happened since."""

    def make() -> None:
        a_seat(registered_at=LONG_AGO)
        for each in happened:
            each(THEN)

    return make


def duties_changed() -> None:
    duties_told()
    duties_put_off(THEN)
    session().flush()
    for change in session().scalars(sa.select(DutyChange)):
        change.tell_at = THEN


MORNING = {"hours": 7, "minutes": 31}
SOON = clock.at(DUE - timedelta(days=2)) + timedelta(**MORNING)
LATE = clock.at(DUE + timedelta(days=1)) + timedelta(**MORNING)
URGED = clock.at(DUE + timedelta(days=2), 9, 1)
THREE_DAYS_BEFORE = clock.at(OPENING_DAY - timedelta(days=3), 8, 1)

CASES = {
    "seat_confirmed": Case(a_seat, withdrawn, ("withdrawn",)),
    "promoted": Case(lambda: a_seat(promoted_at=THEN), cancelled, ("cancelled",)),
    "seat_lost": Case(a_seat_lost, promoted, ("promoted",)),
    "see_you_tomorrow": Case(after(), moved, ("moved",), EVE),
    "moved": Case(after(moved), moved, ("moved",)),
    "cancelled": Case(after(cancelled), withdrawn, ("withdrawn",)),
    "withdrawn": Case(after(withdrawn), registered_again, ("seat_confirmed",)),
    "reminder": Case(a_reminder, moved, ("moved",), THREE_DAYS_BEFORE),
    "passport_asked": Case(a_question(None), erased),
    "address_asked": Case(a_question("moi@example.com"), address_taken),
    "duties_given": Case(duties_told, duties_done),
    "duties_due_soon": Case(duties_told, duties_put_off, ("duties_changed",), SOON),
    "duties_late": Case(duties_told, duties_done, (), LATE),
    "duties_chased": Case(duties_urged, duties_done, (), URGED),
    "duties_changed": Case(duties_changed, duties_as_before),
    "new_version": Case(two_versions, one_more, ("new_version",)),
    "plan_called_off": Case(plan_off, taken_up),
    "plan_to_look_at": Case(laid_before, answered, ("plan_answered",)),
    "plan_answered": Case(an_answer, answer_taken_back),
    "report_due": Case(a_report, put_off, (), AFTER),
    "chasing_digest": Case(a_digest, ladder_off, (), AFTER),
    "trial_letter": Case(a_trial, closed),
}
"""Every occasion that there is; a new one needs its case here."""
