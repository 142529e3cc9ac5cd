"""Lists of registrations: seats in the order of the file, nobody twice, names of others unseen."""

import re
from datetime import timedelta

import pytest

from accounts.models import AuditEntry, Role
from checkin.models import Consent, Participant, Registration, Standing
from core.spreadsheets.preview import Status
from notifications.models import Message
from tests.factories import (
    DURING,
    LONG_AGO,
    a_campaign,
    a_participant,
    a_plan,
    a_registration,
    a_unit,
    an_account,
    an_activity,
    signed_in,
)
from tests.tables import Desk, texts

HEAD = "activity;name;email;phone;unit\n"


@pytest.fixture
def world(given, at):
    at(LONG_AGO)
    week = a_campaign(2027)
    top = a_unit(code="tinh")
    mine = a_unit(code="so", name="Sở A", parent=top)
    other = a_unit(code="so-khac", parent=top)
    plan, others = a_plan(campaign=week, unit=mine), a_plan(campaign=week, unit=other)
    talk = an_activity(plan=plan, slug="toa-dam", seats=2)
    foreign = an_activity(plan=others, slug="rieng")
    given(talk, foreign)
    return {"talk": talk, "foreign": foreign, "mine": mine}


@pytest.fixture
def desk(client, given, world) -> Desk:
    return Desk(signed_in(client, given(an_account((Role.ORGANISER, world["mine"])))))


def test_a_list_takes_seats_in_its_order_then_places_in_line(desk, stored) -> None:
    desk.bring_in(
        "registrations",
        HEAD + "toa-dam;Lan;Lan@Example.com;;Sở A\ntoa-dam;Huệ;;912345678;Phường B\n"
        "toa-dam;Cúc;cuc@example.com;;\n",
    )
    assert "2 người sẽ nhận thư kèm vé" in texts(desk.page())
    desk.confirm()

    rows = stored(Registration)
    assert [r.standing for r in rows] == [Standing.CONFIRMED] * 2 + [Standing.WAITING]
    lan, hue, _ = stored(Participant)
    assert (lan.email, lan.unit_id is not None) == ("lan@example.com", True)
    assert (hue.email, hue.phone, hue.unit_text) == (None, "0912345678", "Phường B")
    assert stored(Consent) == []
    assert len({r.code for r in rows} | {r.short_code for r in rows}) == 6


def test_a_list_brought_in_again_is_the_same(desk, stored) -> None:
    lines = HEAD + "toa-dam;Lan;lan@example.com;;\ntoa-dam;Huệ;;0912345678;Phường B\n"
    desk.keep("registrations", lines)

    assert desk.statuses("registrations", lines) == [Status.SAME, Status.SAME]
    assert desk.round_trip("registrations") == {Status.SAME}
    assert len(stored(Registration)) == 2


def test_people_with_awkward_names_come_in_the_same(desk, given, world) -> None:
    for name in ("=HYPERLINK(1)", "'O Bình", "Trần  Thị", 'A "B"; C, D', "Đặng\tThị"):
        given(a_registration(activity=world["talk"],
                             participant=a_participant(name, phone="+84 91 234 567")))  # fmt: skip

    assert desk.round_trip("registrations") == {Status.SAME}


def test_nobody_has_two_seats(desk, given, world) -> None:
    given(a_registration(activity=world["talk"],
                         participant=a_participant("Lan", email="lan@example.com")))  # fmt: skip

    twice = desk.statuses(
        "registrations", HEAD + "toa-dam;Mai;mai@x.vn;;\ntoa-dam;Mai B;mai@x.vn;;\n"
    )
    known = desk.bring_in("registrations", HEAD + "toa-dam;Lan;lan@example.com;;\n")

    assert twice == [Status.NEW, Status.REFUSED]
    assert known[0].status is Status.SAME


def test_who_withdrew_is_not_brought_back_by_a_list(desk, given, world) -> None:
    given(a_registration(activity=world["talk"], standing=Standing.WITHDRAWN,
                         participant=a_participant("Lan", email="lan@example.com")))  # fmt: skip

    assert [
        c for c, _ in desk.reasons("registrations", HEAD + "toa-dam;Lan;lan@example.com;;\n")
    ] == ["C2"]
    assert desk.round_trip("registrations") == {Status.SAME}


def test_facts_of_a_person_are_corrected_by_the_code_on_the_ticket(
    desk, given, world, stored
) -> None:
    row = given(a_registration(activity=world["talk"], participant=a_participant("Lann")))

    desk.keep("registrations", f"code;name;phone\n{row.short_code};Lan;0912 345 678\n")

    (lan,) = stored(Participant)
    assert (lan.name, lan.name_folded, lan.phone) == ("Lan", "lan", "0912 345 678")


def test_address_and_activity_of_a_seat_stay(desk, given, world) -> None:
    row = given(a_registration(activity=world["talk"], participant=a_participant("Lan")))

    content = f"code;email;activity\n{row.short_code};a@example.com;rieng\n"
    assert {c for c, _ in desk.reasons("registrations", content)} == {"B2", "C2"}


def test_who_also_takes_part_elsewhere_is_not_renamed(desk, given, world) -> None:
    person = a_participant("Lan")
    row, _ = given(
        a_registration(activity=world["talk"], participant=person),
        a_registration(activity=world["foreign"], participant=person),
    )

    assert [c for c, _ in desk.reasons("registrations", f"code;name\n{row.short_code};Mai\n")] == [
        "B2"
    ]


def test_people_of_others_are_neither_seen_nor_told_of(desk, given, world) -> None:
    row = given(a_registration(activity=world["foreign"], participant=a_participant("Bí Mật")))

    assert "Bí Mật" not in desk.file("registrations", kind="csv").decode()
    foreign = desk.bring_in("registrations", f"code;name\n{row.short_code};Mai\n")[0].reasons
    missing = desk.bring_in("registrations", "code;name\nKHONGCO2;Mai\n")[0].reasons
    assert [r.sentence for r in foreign] == [r.sentence for r in missing]
    reasons = desk.bring_in("registrations", HEAD + "rieng;Lan;;;\n")[0].reasons
    assert [r.cell for r in reasons] == ["A2"]


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ("toa-dam;;a@b.vn;;", "B2"),
        ("toa-dam;Lan;khong phai;;", "C2"),
        ("toa-dam;Lan;;không phải số;", "D2"),
        (";Lan;;;", "A2"),
    ],
)
def test_a_wrong_person_is_refused_with_the_cell(desk, line, cell) -> None:
    assert [named for named, _ in desk.reasons("registrations", HEAD + line + "\n")] == [cell]


def test_no_seat_is_given_once_it_is_over(desk, at) -> None:
    at(DURING + timedelta(days=1))

    assert [c for c, _ in desk.reasons("registrations", HEAD + "toa-dam;Lan;;;\n")] == ["A2"]


def test_the_list_itself_does_not_stay(desk) -> None:
    job = desk.keep("registrations", HEAD + "toa-dam;Lan;lan@example.com;;\n")

    assert (job.file, job.result) == (None, None)
    assert "Lan" not in str(job.outcome)


def test_a_list_goes_back_until_somebody_was_written_to(desk, given, world, stored) -> None:
    desk.keep("registrations", HEAD + "toa-dam;Lan;lan@example.com;;\ntoa-dam;Cúc;;;\n")
    desk.undo()
    assert (stored(Registration), stored(Participant)) == ([], [])

    desk.keep("registrations", HEAD + "toa-dam;Lan;lan@example.com;;\n")
    (row,) = stored(Registration)
    moments = dict.fromkeys(("due_at", "useful_until", "created_at", "next_attempt_at"), LONG_AGO)
    given(Message(occasion="seat_confirmed", subject=str(row.id), recipient="lan@example.com",
                  sending_at=LONG_AGO, **moments))  # fmt: skip
    assert not desk.undo().outcome.get("undone")
    assert "Lan" in texts(desk.client.get(f"/desk/sheets/imports/{desk.job().id}/undo"))


def test_a_seat_taken_back_goes_to_the_next_in_line(desk, stored) -> None:
    desk.keep("registrations", HEAD + "".join(f"toa-dam;{name};;;\n" for name in ("A", "B", "C")))
    first = stored(Registration)[0]

    desk.keep("registrations", f"code;action\n{first.short_code};thu hồi chỗ\n")

    assert [row.standing for row in stored(Registration)] == [
        Standing.WITHDRAWN, Standing.CONFIRMED, Standing.CONFIRMED,
    ]  # fmt: skip
    assert not desk.undo().outcome.get("undone")
    again = f"code;action\n{first.short_code};x\n"
    assert [c for c, _ in desk.reasons("registrations", again)] == ["B2"]


def test_names_stand_in_no_address_and_no_log(desk, capsys, stored) -> None:
    job = desk.keep("registrations", HEAD + "toa-dam;Bí Mật;bi.mat@example.com;;\n")

    answers = [desk.page(), desk.client.get(f"/desk/sheets/imports/{job.id}/undo")]
    links = [
        link for page in answers for link in re.findall(r'(?:href|action)="([^"]*)"', page.text)
    ]
    told = capsys.readouterr()
    entries = "".join(f"{entry.subject}{entry.facts}" for entry in stored(AuditEntry))
    for text in ("\n".join(links), told.out + told.err, entries, str(job.outcome)):
        assert "Mật" not in text
        assert "bi.mat" not in text
