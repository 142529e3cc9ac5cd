"""How often something may be tried."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from core import throttle
from core.throttle import ThrottleBucket, allow

NOW = datetime(2027, 10, 1, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_allow_refuses_after_the_limit(session) -> None:
    assert [allow("door", 5, 15, NOW) for _ in range(7)] == [True] * 5 + [False] * 2


def test_allow_gives_back_one_try_at_a_time(session) -> None:
    for _ in range(5):
        allow("door", 5, 15, NOW)

    assert [allow("door", 5, 15, NOW + 3 * MINUTE) for _ in range(2)] == [True, False]


def test_allow_keeps_keys_apart(session) -> None:
    assert [allow(key, 1, 15, NOW) for key in ("door", "desk", "door")] == [True, True, False]


def test_forget_frees_every_try(session) -> None:
    allow("door", 1, 15, NOW)

    throttle.forget("door")

    assert allow("door", 1, 15, NOW)


def test_allow_keeps_neither_the_key_nor_rows_that_mean_nothing(session) -> None:
    allow("lan@example.com", 1, 15, NOW)

    allow("an@example.com", 1, 15, NOW + 20 * MINUTE)

    keys = session.scalars(sa.select(ThrottleBucket.key)).all()
    assert len(keys) == 1
    assert "@" not in keys[0]


def test_allow_checks_few_of_a_thousand_tries_in_an_hour(session) -> None:
    passed = [allow("guess", 5, 15, NOW + n * timedelta(seconds=0.9)) for n in range(1000)]

    assert sum(passed) <= 10
