"""Letters about versions: who gets which, once, and when it is no longer worth sending."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import render_template
from flask_babel import force_locale

from accounts.models import Role
from events.models import ActivityState, Assignment, DutyRole, PlanState
from events.releases import layer, occasions, reviews, services
from events.releases.models import Review
from tests.factories import LONG_AGO, a_plan, a_unit, an_account, an_activity

LATER = LONG_AGO + timedelta(days=1)
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
BY_NAME = {occasion.name: occasion for occasion in occasions.OCCASIONS}


def heard(session, name: str, since=BEGINNING, now=LATER) -> list[tuple[str, str, int]]:
    """Subject, recipient and revision of everyone who should hear."""
    rows = session.execute(BY_NAME[name].audience(since, now)).all()
    return [(row.subject, row.recipient, row.revision) for row in rows]


@pytest.fixture
def top(session):
    """A unit with a unit below, and who organises for each."""
    top = a_unit(email="tinh@example.com")
    session.add(top)
    session.flush()
    return top


def released_twice(session, top):
    """A plan whose second version moved something, with a duty for a unit below."""
    below = a_unit(parent=top, email="truong@example.com")
    plan = a_plan(unit=top, state=PlanState.DRAFT)
    activity = an_activity(plan=plan, place="Nhà văn hóa", title="Ngày hội")
    session.add_all([below, plan])
    session.flush()
    session.add(Assignment(plan=plan, unit=below, role=DutyRole.DO, duty="Việc"))
    services.release(plan, None, note="", by=services.By(None), now=LONG_AGO)
    services.keep_cancellation(activity, reason="Mưa", by=None, now=LONG_AGO)
    second = LONG_AGO + timedelta(hours=2)
    return services.release(plan, None, note="Vì mưa", by=services.By(None), now=second), below


def test_a_unit_with_a_duty_hears_of_the_second_version_once(session, top) -> None:
    release, below = released_twice(session, top)

    [(subject, recipient, revision)] = heard(session, "new_version")

    assert (subject, recipient) == (f"{release.id}:{below.id}", "truong@example.com")
    assert heard(session, "new_version", since=release.released_at) == []
    occasion = BY_NAME["new_version"]
    assert occasion.still_due(subject, revision, LATER)
    services.release(a_change(session, release), None, note="", by=services.By(None), now=LATER)
    assert not occasion.still_due(subject, revision, LATER)


def test_who_organises_for_the_parent_gets_the_plan_and_who_asked_gets_the_answer(
    session, top
) -> None:
    school = a_unit(parent=top)
    plan = a_plan(unit=school, state=PlanState.DRAFT)
    an_activity(plan=plan, state=ActivityState.DRAFT, place="Trường")
    asker = an_account((Role.ORGANISER, school), email="truong@example.com")
    above = an_account((Role.ORGANISER, top), (Role.ADMIN, top), email="tinh.tc@example.com")
    gone = an_account((Role.ORGANISER, top), closed_at=LONG_AGO)
    reader = an_account((Role.REPORTER, top))
    session.add_all([plan, asker, above, gone, reader])
    session.flush()
    reviews.ask_to_see(top, by=None, now=LONG_AGO)
    review = reviews.lay_before(plan, top, note="", by=asker, now=LONG_AGO)

    [(subject, recipient, revision)] = heard(session, "plan_to_look_at")
    assert (subject, recipient) == (str(review.id), "tinh.tc@example.com")
    assert BY_NAME["plan_to_look_at"].still_due(subject, revision, LATER)
    shown = reviews.digest(layer.items(plan))
    answered = LONG_AGO + timedelta(hours=1)
    reviews.answer(review, approved=False, remark="Bổ sung", shown=shown, by=above, now=answered)
    session.flush()

    assert not BY_NAME["plan_to_look_at"].still_due(subject, revision, LATER)
    assert heard(session, "plan_to_look_at") == []
    [(subject, recipient, revision)] = heard(session, "plan_answered")
    assert (subject, recipient) == (str(review.id), "truong@example.com")
    assert BY_NAME["plan_answered"].still_due(subject, revision, LATER)
    reviews.lay_before(plan, top, note="", by=asker, now=LATER)
    assert len(heard(session, "plan_to_look_at")) == 1


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_each_letter_says_what_it_is_about(session, top, app_words, locale: str) -> None:
    release, below = released_twice(session, top)
    review = reviews_row(session, release.plan, top)
    subjects = {
        "new_version": f"{release.id}:{below.id}",
        "plan_called_off": f"{release.plan_id}:{below.id}",
        "plan_to_look_at": str(review.id),
        "plan_answered": str(review.id),
    }

    for name, subject in subjects.items():
        occasion = BY_NAME[name]
        letter = occasion.compose(subject, locale)
        with app_words.test_request_context(), force_locale(locale):
            for part in ("subject.txt", "text.txt", "html.html"):
                told = render_template(
                    f"emails/{name}/{part}", **letter.facts, public_url="https://a.example"
                )
                assert release.plan.title in told or release.plan.unit.name in told
        assert occasion.link(subject).startswith("/desk/")


@pytest.fixture
def app_words(one_app):
    """The application, for its templates and filters."""
    return one_app


def a_change(session, release):
    """The plan of the release, with something new to release."""
    session.add(an_activity(plan=release.plan, state=ActivityState.DRAFT, place="Sân"))
    session.flush()
    return release.plan


def reviews_row(session, plan, unit):
    facts = {"seen": {}, "asked_at": LONG_AGO, "useful_until": LATER, "remark": "Ý kiến"}
    review = Review(plan=plan, unit=unit, **facts)
    session.add(review)
    session.flush()
    return review


def test_units_hear_once_that_a_released_plan_is_called_off(session, top) -> None:
    release, below = released_twice(session, top)
    plan, name = release.plan, "plan_called_off"
    assert heard(session, name) == []
    services.cancel_plan(plan, reason="Bão", with_activities=False, now=LATER)

    [(subject, recipient, revision)] = heard(session, name)
    assert (subject, recipient) == (f"{plan.id}:{below.id}", "truong@example.com")
    assert heard(session, name, since=LATER) == []
    assert heard(session, "new_version") != []
    assert not BY_NAME["new_version"].still_due(f"{release.id}:{below.id}", 0, LATER)
    assert BY_NAME[name].still_due(subject, revision, LATER)
    services.resume_plan(plan)
    assert not BY_NAME[name].still_due(subject, revision, LATER)


def test_nobody_hears_that_a_draft_of_a_plan_is_called_off(session, top) -> None:
    below = a_unit(parent=top, email="truong@example.com")
    plan = a_plan(unit=top, state=PlanState.DRAFT)
    session.add_all([below, plan])
    session.flush()
    session.add(Assignment(plan=plan, unit=below, role=DutyRole.DO, duty="Việc"))
    services.cancel_plan(plan, reason="Bão", with_activities=False, now=LATER)

    assert heard(session, "plan_called_off") == []
