"""The made-up week keeps the promises of its manifest."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import Account, Unit
from checkin.models import Attendance, Participant, Registration, Tally
from core.database import transaction
from events.models import Activity, Venue

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def load(app, at, tmp_path):
    """Run the command; gives the manifest."""

    def run(*options: str) -> dict[str, Any]:
        at(NOW)
        out: Path = tmp_path / "manifest.json"
        result = app.test_cli_runner().invoke(
            args=["rehearsal", "load", "--out", str(out), *options]
        )
        assert result.exit_code == 0, result.output
        written: dict[str, Any] = json.loads(out.read_text())
        return written

    return run


SMALL = ("--seed", "7", "--units", "5", "--activities", "24", "--people", "400")


def test_load_is_the_same_for_the_same_seed(load, stored) -> None:
    first = load(*SMALL)
    with transaction() as opened:
        for table in reversed(Unit.metadata.sorted_tables):
            opened.execute(sa.update(Unit).values(parent_id=None, reports_to_id=None))
            opened.execute(table.delete())
    again = load(*SMALL)

    for manifest in (first, again):  # a database may go on counting ids
        for ticket in manifest["tickets"]:
            ticket.pop("secret")
    assert again == first


def test_load_open_now_leaves_enough_doors_open_for_two_hours(load) -> None:
    manifest = load(*SMALL, "--open-now")

    activities = {a["slug"]: a for a in manifest["activities"]}
    usable = [
        ticket
        for ticket in manifest["tickets"]
        if ticket["state"] == "confirmed"
        and activities[ticket["activity"]]["state"] == "released"
        and activities[ticket["activity"]]["doors"] == "open"
        and datetime.fromisoformat(activities[ticket["activity"]]["ends_at"]).timestamp()
        >= NOW.timestamp() + 2 * 3600
    ]
    assert len(usable) >= 100


def test_load_expects_what_it_stored(load, stored) -> None:
    expected = load(*SMALL, "--open-now")["expected"]

    last = {}
    for tally in stored(Tally):
        last[tally.session_id] = tally
    attendances = stored(Attendance)
    assert expected["luot"] == len(attendances) + sum(t.count for t in last.values())
    assert expected["nguoi"] == len({a.participant_id for a in attendances if a.participant_id})
    assert expected["luot"] == sum(expected["by_activity"].values()) > 0
    assert expected["messages_due"] == len([p for p in stored(Participant) if p.email])


def test_load_gives_sign_ins_and_a_ticket_for_each_person(load, stored) -> None:
    manifest = load(*SMALL)

    assert manifest["year"] == 2027
    assert len(manifest["tickets"]) == len(stored(Registration)) == 400
    assert {a["email"] for a in manifest["accounts"]} == {a.email for a in stored(Account)}
    assert {"admin", "organiser", "observer", "reporter", "steward"} == {
        a["role"] for a in manifest["accounts"] if a["unit"] == manifest["root_unit"]
    }


def test_load_gives_most_activities_a_venue_of_their_unit(load, stored) -> None:
    load(*SMALL)

    keepers = {venue.id: venue.unit_id for venue in stored(Venue)}
    held = [activity for activity in stored(Activity) if activity.venue_id]
    assert len(keepers) == 10
    assert len(held) == 16
    assert all(keepers[activity.venue_id] == activity.unit_id for activity in held)


def test_load_refuses_a_database_that_holds_units(app, load, tmp_path) -> None:
    load(*SMALL)

    result = app.test_cli_runner().invoke(
        args=["rehearsal", "load", "--out", str(tmp_path / "again.json")]
    )

    assert result.exit_code == 1
    assert "needs an empty one" in result.output
