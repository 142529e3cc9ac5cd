"""What a scanner takes along and asks for: sealed tickets, changes, standings, names."""

import uuid
from datetime import timedelta

import pytest

from checkin import devices
from checkin.models import Attendance, Scan, Settlement, Standing
from checkin.roster import sealing
from checkin.tokens import ticket_secret
from core.database import transaction
from events.models import ActivityState, Venue
from tests.checkin.door_world import TOKEN, Door, a_scanner
from tests.factories import DURING, a_participant, a_plan, a_registration, a_unit, an_activity

BASE = "/api/v1/checkin/"


@pytest.fixture
def door(client, given, at):
    return Door(client, given, at, place="Hội trường A")


def asked(door, path, *, token=TOKEN, etag=None, **query):
    headers = {"Authorization": f"Device {token}"} | ({"If-None-Match": etag} if etag else {})
    return door.client.get(BASE + path, query_string=query, headers=headers)


def posted(door, path, body, *, token=TOKEN):
    headers = {"Authorization": f"Device {token}"}
    answer = door.client.post(BASE + path, json=body, headers=headers)
    return answer.status_code, answer.get_json()


def opened(roster, secret):
    found = [e for e in roster["entries"] if e["id"] == sealing.entry_id(secret)]
    return sealing.unseal(secret, found[0]["sealed"]) if found else None


def test_a_ticket_opens_its_own_entry_and_no_other(door):
    person = a_participant("Trần Văn Thử", unit_text="Tổ 4")
    mine, other = door.ticket(participant=person), door.ticket()
    roster = asked(door, "roster").get_json()
    assert opened(roster, mine) == {
        "activity": door.activity.slug,
        "state": "confirmed",
        "name": "Trần Văn Thử",
        "unit": "Tổ 4",
        "group": None,
    }
    sealed = next(e["sealed"] for e in roster["entries"] if e["id"] == sealing.entry_id(mine))
    assert sealing.unseal(other, sealed) is None
    assert len(roster["entries"]) == 2


def test_the_roster_alone_says_nothing_about_anybody(door):
    door.ticket(participant=a_participant("Trần Văn Thử", email="thu@example.com"))
    text = asked(door, "roster").get_data(as_text=True)
    assert not any(word in text for word in ("Trần", "thu@", "confirmed", "name", "SC0"))


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_changed_byte_opens_nothing(door, place):
    secret = door.ticket()
    [entry] = asked(door, "roster").get_json()["entries"]
    letters = list(entry["sealed"])
    letters[place] = "A" if letters[place] != "A" else "Q"
    assert sealing.unseal(secret, "".join(letters)) is None


def test_entries_of_long_and_short_names_have_one_length(door):
    for name in ("An", "Công Tằng Tôn Nữ Hoàng"):
        door.ticket(participant=a_participant(name))
    assert len({len(e["sealed"]) for e in asked(door, "roster").get_json()["entries"]}) == 1


def test_the_same_entry_is_the_same_bytes_and_another_never_has_its_nonce():
    standings = [{"state": state} for state in ("confirmed", "canceled", "confirmed")]
    sealed = [sealing.seal("T1.1.1-2-0.ABC", standing)[1] for standing in standings]
    assert sealed[0] == sealed[2]
    assert len({one[:16] for one in sealed}) == 2


def test_the_roster_knows_who_does_not_come_in_and_replaced_tickets(door):
    waiting = door.ticket(standing=Standing.WAITING)
    withdrawn = door.ticket(standing=Standing.WITHDRAWN)
    again = door.given(a_registration(activity=door.activity))
    old = ticket_secret(again)
    with transaction() as writing:
        writing.merge(again).serial = 1
    roster = asked(door, "roster").get_json()
    states = [opened(roster, secret)["state"] for secret in (waiting, withdrawn, old)]
    assert states == ["unapproved", "canceled", "revoked"]
    assert "name" not in opened(roster, waiting)


def test_the_roster_is_answered_304_until_a_ticket_changes(door):
    first = asked(door, "roster")
    same = asked(door, "roster", etag=first.headers["ETag"])
    assert (same.status_code, same.data) == (304, b"")
    door.ticket()
    assert asked(door, "roster", etag=first.headers["ETag"]).status_code == 200


def test_a_check_in_leaves_the_roster_as_it_is(door):
    secret = door.ticket()
    first = asked(door, "roster")
    door.scan(secret)
    assert asked(door, "roster", etag=first.headers["ETag"]).status_code == 304
    assert asked(door, "roster").data == first.data


def test_a_long_roster_comes_in_pages(door, monkeypatch):
    monkeypatch.setattr("checkin.roster.entries.PAGE", 2)
    secrets = {door.ticket() for _ in range(5)}
    after, seen = 0, []
    while after is not None:
        page = asked(door, "roster", after=after).get_json()
        seen += [entry["id"] for entry in page["entries"]]
        after = page["next"]
    assert sorted(seen) == sorted(sealing.entry_id(secret) for secret in secrets)


def test_a_scanner_takes_along_only_what_it_serves(door):
    hall = door.given(Venue(name="Hội trường A", unit=door.unit))
    there = an_activity(plan=door.activity.plan, venue=hall)
    foreign = an_activity(plan=a_plan(campaign=door.activity.plan.campaign, unit=a_unit()))
    draft = an_activity(plan=door.activity.plan, state=ActivityState.DRAFT)
    later = an_activity(plan=door.activity.plan, starts_at=DURING + timedelta(days=4))
    over = an_activity(plan=door.activity.plan, starts_at=DURING - timedelta(days=3))
    door.given(there, foreign, draft, later, over)
    door.given(a_scanner(door.unit, token="one", activity=there))
    door.given(a_scanner(door.unit, token="hall", venue=hall))

    def slugs(token, **query):
        told = asked(door, "roster", token=token, **query).get_json()["activities"]
        return {activity["slug"] for activity in told}

    assert slugs(TOKEN) == {door.activity.slug, there.slug}
    assert slugs("one") == slugs("hall") == {there.slug}
    assert slugs(TOKEN, lists=[later.slug, foreign.slug, draft.slug]) == {later.slug}
    assert slugs("one", lists=[door.activity.slug]) == set()


def test_a_scanner_of_a_venue_admits_there_and_nowhere_else(door):
    hall = door.given(Venue(name="Hội trường B", unit=door.unit))
    there = door.given(an_activity(plan=door.activity.plan, venue=hall))
    door.given(a_scanner(door.unit, token="hall", venue=hall))
    assert door.scan(door.ticket(activity=there), token="hall")[0] == 201
    assert door.scan(door.ticket(), token="hall")[1]["reason"] == "wrong_activity"


def test_changes_are_told_in_the_order_of_the_server(door, at):
    first, second = door.ticket(), door.ticket()
    begun = asked(door, "changes").get_json()
    door.scan(first)
    door.scan("ABCDEF")
    door.scan(first)
    door.scan(second, type="exit")
    told = asked(door, "changes", since=begun["seq"]).get_json()
    assert [(c["id"], c["type"]) for c in told["changes"]] == [
        (sealing.entry_id(first), "entry"),
        (sealing.entry_id(second), "exit"),
    ]
    assert told["changes"][0]["device"] == "Cửa chính"
    seen = [change["seq"] for change in told["changes"]]
    again = asked(door, "changes", since=told["seq"]).get_json()["changes"]
    assert {change["seq"] for change in again} <= set(seen)
    at(DURING + timedelta(seconds=20))
    settled = asked(door, "changes", since=told["seq"]).get_json()["seq"]
    assert asked(door, "changes", since=settled).get_json()["changes"] == []


def test_many_changes_come_in_parts_and_none_is_left_out(door, monkeypatch):
    monkeypatch.setattr("checkin.roster.changes.PAGE", 2)
    for _ in range(5):
        door.scan(door.ticket())
    since, more, seen = 0, True, []
    while more:
        told = asked(door, "changes", since=since).get_json()
        seen += [change["seq"] for change in told["changes"]]
        since, more = told["seq"], told["more"]
    assert seen == sorted(set(seen))
    assert len(seen) == 5


def test_what_another_scope_did_is_not_told(door):
    other = door.given(an_activity(plan=door.activity.plan))
    door.given(a_scanner(door.unit, token="one", activity=other))
    door.scan(door.ticket())
    assert asked(door, "changes", token="one").get_json()["changes"] == []


def test_status_counts_seats_arrivals_and_who_is_inside(door):
    first, second, third = door.ticket(), door.ticket(), door.ticket()
    door.ticket(standing=Standing.WAITING)
    for secret in (first, second, third):
        door.scan(secret)
    door.scan(first, type="exit")
    door.scan(second, type="exit")
    door.scan(second)
    [told] = asked(door, "status").get_json()["activities"]
    assert (told["confirmed"], told["attended"]) == (3, 3)
    assert [(s["attended"], s["inside"]) for s in told["sessions"]] == [(3, 2)]
    assert told["sessions"][0]["opens_at"] == "2027-10-01T00:30:00+00:00"


def test_search_finds_by_parts_of_a_name_without_diacritics(door):
    door.ticket(participant=a_participant("Nguyễn Thị Đào", unit_text="Tổ 2"))
    door.ticket(participant=a_participant("Lê Văn Tám"))
    status, told = posted(door, "search", {"query": "dao ng"})
    assert status == 200
    [found] = told["people"]
    assert (found["name"], found["unit"], found["attended_at"]) == ("Nguyễn Thị Đào", "Tổ 2", None)
    assert door.scan(found["code"], source_type="search")[0] == 201
    assert posted(door, "search", {"query": "đào"})[1]["people"][0]["attended_at"]


@pytest.mark.parametrize("query", ["ab", "a b", "a%_", " - - - "])
def test_search_wants_three_letters(door, query):
    status, told = posted(door, "search", {"query": query})
    assert (status, told["faults"][0]["field"]) == (400, "query")


def test_search_does_not_reach_beyond_the_scope(door):
    other = door.given(an_activity(plan=door.activity.plan))
    door.given(a_scanner(door.unit, token="one", activity=other))
    door.ticket()
    assert posted(door, "search", {"query": "Nguyễn"}, token="one")[1]["people"] == []
    assert len(posted(door, "search", {"query": "Nguyễn"})[1]["people"]) == 1


@pytest.mark.parametrize("query", [{"since": "x"}, {"since": -1}, {"since": 2**70}, {"no": 1}])
def test_a_question_that_cannot_be_read_is_malformed(door, query):
    answer = asked(door, "changes", **query)
    assert (answer.status_code, answer.get_json()["reason"]) == (400, "malformed")


def test_a_scan_is_taken_back_by_a_new_row_and_may_be_made_again(door, stored):
    secret, nonce = door.ticket(), str(uuid.uuid4())
    door.scan(secret, nonce=nonce)
    status, told = posted(door, "annul", {"nonce": nonce, "reason": "nhầm người"})
    assert (status, told["status"], told["replayed"]) == (200, "ok", False)
    assert stored(Attendance) == []
    taken, row = stored(Scan)
    assert (row.annuls_id, row.answer, taken.status) == (taken.id, {"reason": "nhầm người"}, "ok")
    assert posted(door, "annul", {"nonce": nonce.upper(), "reason": "?"})[1]["replayed"]
    assert len(stored(Scan)) == 2
    assert door.scan(secret)[0] == 201
    told = asked(door, "changes").get_json()["changes"]
    assert [c["annuls"] for c in told] == [None, taken.id, None]


def test_a_scan_is_taken_back_for_15_minutes_by_its_own_device(door, at, stored):
    nonce, refused = str(uuid.uuid4()), str(uuid.uuid4())
    door.given(a_scanner(door.unit, token="second"))
    door.scan(door.ticket(), nonce=nonce)
    door.scan("ABCDEF", nonce=refused)
    body = {"nonce": nonce, "reason": "nhầm"}
    assert posted(door, "annul", body, token="second")[1]["reason"] == "unknown_nonce"
    assert posted(door, "annul", {**body, "nonce": refused})[1]["reason"] == "not_admitted"
    at(DURING + timedelta(minutes=15))
    assert posted(door, "annul", body)[0] == 400
    assert posted(door, "annul", body)[1]["reason"] == "annul_too_late"
    at(DURING + timedelta(minutes=14))
    assert posted(door, "annul", body)[0] == 200
    assert len(stored(Attendance)) == 0


def test_who_was_let_in_at_two_doors_stays_counted_when_one_scan_is_taken_back(door, at, stored):
    door.given(a_scanner(door.unit, token="second", name="Cửa sau"))
    secret, nonce = door.ticket(), str(uuid.uuid4())
    at(DURING + timedelta(minutes=10))
    door.scan(secret)
    late = {"secret": secret, "nonce": nonce, "datetime": DURING.isoformat()}
    told = posted(door, "batch", {"scans": [late]}, token="second")[1]["answers"]
    assert told[0]["http"] == 201
    [attendance] = stored(Attendance)
    assert attendance.at == DURING
    assert posted(door, "annul", {"nonce": nonce, "reason": "nhầm"}, token="second")[0] == 200
    [again] = stored(Attendance)
    assert (again.id, again.at) == (attendance.id, DURING + timedelta(minutes=10))
    assert len(stored(Settlement)) == 2


def test_who_went_out_comes_in_again_and_counts_once(door, stored):
    secret = door.ticket()
    door.scan(secret)
    assert door.scan(secret)[1]["reason"] == "already_redeemed"
    assert door.scan(secret, type="exit")[0] == 201
    status, told = door.scan(secret)
    assert (status, told["first"]["device"]) == (201, "Cửa chính")
    assert door.scan(secret)[0] == 400
    assert len(stored(Attendance)) == 1


def test_a_token_of_an_hour_ago_opens_nothing_here_either(door):
    door.given(a_scanner(door.unit, token="revoked", revoked_at=DURING))
    devices.recogniser.forget()
    for path in ("roster", "changes", "status"):
        assert asked(door, path, token="revoked").status_code == 401
    assert posted(door, "search", {"query": "Nguyễn"}, token="revoked")[0] == 401
