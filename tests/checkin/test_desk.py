"""The people of an activity, head counts and posters at the desk."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import AuditEntry, Role
from checkin.models import Registration, Standing
from events.models import Activity, ActivityState, Counting
from tests.factories import (
    DURING,
    LONG_AGO,
    a_participant,
    a_registration,
    an_account,
    an_activity,
    signed_in,
)


@pytest.fixture
def desk(client: Any, given: Any, at: Any) -> Any:
    """Makes an activity and signs its organiser, or another, in."""

    def prepare(role: Role = Role.ORGANISER, **facts: Any) -> Activity:
        at(DURING)
        activity = given(an_activity(**facts))
        signed_in(client, given(an_account((role, activity.unit))))
        return activity  # type: ignore[no-any-return]

    return prepare


def test_people_are_found_without_diacritics(client: Any, desk: Any, given: Any) -> None:
    activity = desk()
    for name in ("Nguyễn Thị Hương", "Trần Đức Anh"):
        given(a_registration(activity=activity, participant=a_participant(name)))

    page = client.get(f"/desk/activities/{activity.id}/people?q=duc anh").text

    assert "Trần Đức Anh" in page
    assert "Nguyễn Thị Hương" not in page


def test_who_left_no_address_is_to_be_phoned_after_a_move(
    client: Any, desk: Any, given: Any
) -> None:
    activity = desk(moved_at=DURING - timedelta(hours=3))
    by_phone = a_participant("Cụ Không Thư", phone="0912345678")
    by_letter = a_participant("Cô Có Thư", email="co@example.com")
    late = a_participant("Người Biết Rồi")
    given(
        a_registration(activity=activity, participant=by_phone),
        a_registration(activity=activity, participant=by_letter),
        a_registration(activity=activity, participant=late, registered_at=DURING),
    )

    page = client.get(f"/desk/activities/{activity.id}/people").text

    phones = page.partition("phones-title")[2].partition("people-title")[0]
    assert "Cụ Không Thư" in phones
    assert "tel:0912345678" in phones
    assert "Cô Có Thư" not in phones
    assert "Người Biết Rồi" not in phones


def test_the_file_has_no_formulas(client: Any, desk: Any, given: Any) -> None:
    activity = desk(slug="toa-dam")
    given(a_registration(activity=activity, participant=a_participant("=HYPERLINK(1)")))

    answer = client.get(f"/desk/activities/{activity.id}/people.csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="toa-dam.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "\r\n'=HYPERLINK(1)," in answer.text


def test_withdraw_for_someone_moves_the_line_up_and_is_written_down(
    client: Any, desk: Any, given: Any, stored: Any
) -> None:
    activity = desk(seats=1)
    first = given(a_registration(activity=activity))
    given(a_registration(activity=activity, standing=Standing.WAITING))

    client.post(f"/desk/activities/{activity.id}/people/{first.id}/withdrawal")

    standings = [r.standing for r in stored(Registration)]
    assert standings == [Standing.WITHDRAWN, Standing.CONFIRMED]
    assert [(e.action, e.subject) for e in stored(AuditEntry)] == [
        ("registration.withdrawn", f"registration:{first.id}")
    ]


def test_reissue_makes_new_codes(client: Any, desk: Any, given: Any, stored: Any) -> None:
    activity = desk()
    given(a_registration(activity=activity, code="cu", short_code="CU"))
    (before,) = stored(Registration)

    client.post(f"/desk/activities/{activity.id}/people/{before.id}/reissue")

    (after,) = stored(Registration)
    assert (after.serial, after.letters) == (1, 1)
    assert (after.code, after.short_code) != ("cu", "CU")
    assert client.get("/tickets/cu").status_code == 404


def test_promote_gives_only_free_seats(client: Any, desk: Any, given: Any, stored: Any) -> None:
    activity = desk(seats=2)
    for minute in range(3):
        given(
            a_registration(
                activity=activity,
                standing=Standing.WAITING,
                registered_at=LONG_AGO + timedelta(minutes=minute),
            )
        )

    client.post(f"/desk/activities/{activity.id}/promotions")

    assert [r.standing for r in stored(Registration)] == [
        Standing.CONFIRMED,
        Standing.CONFIRMED,
        Standing.WAITING,
    ]


def test_the_list_of_activities_shows_what_can_be_done(client: Any, desk: Any, given: Any) -> None:
    activity = desk(Role.STEWARD, counting=Counting.TALLY, title="Tiết đọc sách")
    given(an_activity(plan=activity.plan, title="Bản nháp", state=ActivityState.DRAFT))

    page = client.get("/desk/check-in").text

    assert f"/desk/activities/{activity.id}/tally" in page
    assert "Bản nháp" not in page
    assert "Tiết đọc sách" not in client.get("/desk/check-in?q=khai mac").text
    assert "Tiết đọc sách" in client.get("/desk/check-in?q=tiet doc").text
