"""Erased means gone from what lies beside the tables too: imports, scanners, copies."""

import os
import zlib
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role
from checkin.models import Participant
from core import clock, jobs
from core.database import reading
from core.jobs import Job, JobState
from core.migrations import COPIES_KEPT_FOR, forget_copies
from tests.checkin.door_world import Door
from tests.checkin.passport_world import path
from tests.checkin.test_roster import asked, opened
from tests.factories import (
    LONG_AGO,
    a_participant,
    a_plan,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)
from tests.tables import Desk, texts

HEAD = "activity;name;email;phone;unit\n"
LAN = "toa-dam;Trần Thị Lan;lan@example.com;0912345678;Tổ 3\n"


@pytest.fixture
def desk(app: Any, given: Any, at: Any) -> Desk:
    at(LONG_AGO)
    unit = a_unit(name="Sở A")
    given(an_activity(plan=a_plan(unit=unit), slug="toa-dam"))
    return Desk(signed_in(app.test_client(), given(an_account((Role.ORGANISER, unit)))))


def all_jobs() -> list[Job]:
    with reading() as opened:
        return list(opened.scalars(jobs.with_files(jobs.latest().order_by(None).order_by(Job.id))))


def kept(job: Job) -> list[bytes]:
    return [part for part in (job.file, job.result, job.past) if part]


def test_imports_in_which_the_name_stands_are_erased_and_no_others(
    client: Any, desk: Desk, stored: Any
) -> None:
    desk.keep("registrations", HEAD + LAN)
    workbook = desk.file("registrations", kind="xlsx")
    desk.bring_in("registrations", HEAD + "toa-dam;Trần Thị Lan;;;\ntoa-dam;Hoa;;;\n")
    desk.bring_in("registrations", HEAD + "toa-dam;Trần Thị Lanh;;;\n")
    desk.upload("registrations", workbook, "danh-sach.xlsx")
    desk.upload("registrations", (HEAD + "toa-dam;Ai đó;;0912345678;\n").encode("utf-16"))
    assert all(kept(job) for job in all_jobs())

    client.post(path(stored(Participant)[0], "/erasure"))

    done, waiting, other, *raw = all_jobs()
    assert [len(kept(job)) for job in (done, waiting, other, *raw)] == [0, 0, 2, 0, 0]
    assert (done.state, done.outcome["kept"]) == (JobState.DONE, True)
    assert [job.state for job in (waiting, *raw)] == [JobState.FAILED] * 3
    assert "Lanh" in zlib.decompress(other.file or b"").decode()
    address = f"/desk/sheets/imports/{waiting.id}"
    assert "đề nghị xóa họ tên" in texts(desk.client.get(address))
    assert desk.client.post(f"{address}/confirm").status_code == 302
    desk.work()
    assert [person.name for person in stored(Participant)] == [None]


def test_a_scanner_loses_the_name_at_its_next_pull_and_the_ticket_still_opens(
    client: Any, given: Any, at: Any
) -> None:
    door = Door(client, given, at)
    person = a_participant("Trần Thị Lan")
    secret = door.ticket(participant=person)
    before = asked(door, "roster")
    known = opened(before.get_json(), secret)
    assert known
    assert known["name"] == "Trần Thị Lan"

    client.post(path(person, "/erasure"))

    after = asked(door, "roster", etag=before.headers["ETag"])
    known = opened(after.get_json(), secret)
    assert known
    assert (known["state"], known["name"], known["unit"]) == ("confirmed", None, None)


def test_copies_of_the_database_are_kept_for_thirty_days(tmp_path: Any) -> None:
    old = ("before-upgrade-1.sqlite3", "daily-1.sqlite3", "daily-2.part", "by-hand.sqlite3")
    for name in (*old, "before-upgrade-2.sqlite3"):
        (tmp_path / name).touch()
    long_ago = (clock.now() - COPIES_KEPT_FOR - timedelta(hours=1)).timestamp()
    for name in old:
        os.utime(tmp_path / name, (long_ago, long_ago))

    assert forget_copies(tmp_path, clock.now()) == 3
    assert {each.name for each in tmp_path.iterdir()} == {
        "by-hand.sqlite3",
        "before-upgrade-2.sqlite3",
    }
