"""What the clock sets right at doors and in lines; done twice it changes nothing."""

from datetime import timedelta

from accounts.models import AuditEntry
from checkin import upkeep
from checkin.hall import services as hall
from checkin.hall.models import Screen
from checkin.models import Device, Registration, Standing
from core.database import transaction
from tests.factories import DURING, a_participant, a_registration, a_unit, an_activity

BEFORE = DURING - timedelta(days=2)


def a_device(**facts) -> Device:
    told = {"name": "Cổng", "created_at": BEFORE, "expires_at": DURING, "unit": a_unit()}
    return Device(**(told | facts))


def test_a_free_seat_that_nobody_got_goes_to_the_first_in_line_once(given, stored) -> None:
    activity = an_activity(seats=2)
    given(
        *(
            a_registration(
                activity=activity,
                participant=a_participant(name),
                standing=standing,
                registered_at=BEFORE + timedelta(minutes=n),
            )
            for n, (name, standing) in enumerate(
                [("Lan", Standing.CONFIRMED), ("Huệ", Standing.WAITING), ("Cúc", Standing.WAITING)]
            )
        )
    )

    for moved in (1, 0):
        with transaction():
            found = upkeep.with_room(BEFORE)
            assert sum(upkeep.move_up(number, BEFORE) for number in found) == moved

    standings = [r.standing for r in stored(Registration)]
    assert standings == [Standing.CONFIRMED, Standing.CONFIRMED, Standing.WAITING]
    assert [entry.action for entry in stored(AuditEntry)] == ["registration.promoted"]


def test_nobody_moves_up_once_the_activity_is_over(given) -> None:
    activity = an_activity(seats=1)
    given(a_registration(activity=activity, standing=Standing.WAITING))

    with transaction():
        assert upkeep.with_room(activity.ends_at) == []
        assert upkeep.move_up(activity.id, activity.ends_at) == 0


def test_a_hall_whose_activity_was_cut_short_is_shut(given, stored) -> None:
    activity = an_activity()
    facts = {"activity": activity, "created_at": BEFORE, "only_counts": False}
    late = activity.ends_at + hall.AFTERWARDS
    given(Screen(**facts, expires_at=late + timedelta(days=3)))

    with transaction():
        assert upkeep.close(late - timedelta(seconds=1)) == 0
        assert upkeep.close(late) == 1
        assert upkeep.close(late) == 0

    assert stored(Screen)[0].revoked_at == late


def test_codes_and_tokens_that_open_nothing_are_forgotten_and_no_others(given, stored) -> None:
    later, now = DURING + timedelta(days=5), DURING
    screen = {"activity": an_activity(), "only_counts": True, "expires_at": later}
    given(
        a_device(token_hash="ran out"),
        a_device(token_hash="shut out", expires_at=later, revoked_at=BEFORE),
        a_device(pairing_hash="nobody came", expires_at=later),
        a_device(pairing_hash="waits", created_at=now, expires_at=later),
        a_device(token_hash="works", expires_at=later),
        Screen(**screen, pairing_hash="nobody came", created_at=BEFORE),
        Screen(**screen, token_hash="works", created_at=BEFORE),
    )

    with transaction():
        assert upkeep.forget_codes(now) == 4
        assert upkeep.forget_codes(now) == 0

    kept = [each.pairing_hash or each.token_hash for each in (*stored(Device), *stored(Screen))]
    assert kept == [None, None, None, "waits", "works", None, "works"]
