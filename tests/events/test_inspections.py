"""Inspections: who looked at what a unit does, when, and what they found."""

import pytest

from accounts.models import AuditEntry
from events.duties.models import Inspection
from tests.events.duties_world import BEFORE, a_world, give
from tests.events.pages import page
from tests.factories import an_activity, signed_in

TYPED = {
    "unit": "phuong",
    "inspected_on": "09/09/2027",
    "inspectors": "Hội Khuyến học tỉnh",
    "finding": "Đã treo đủ băng rôn",
}


@pytest.fixture
def world(given, at):
    at(BEFORE)
    return a_world(given)


@pytest.fixture
def office(app, world):
    return signed_in(app.test_client(), world.organiser)


def test_an_inspection_is_written_down_and_stands_beside_the_duty(
    app, office, world, stored
) -> None:
    duty, *_ = give(world)

    office.post("/desk/inspections", data=TYPED)

    assert "Đã treo đủ băng rôn" in page(office.get(f"/desk/duties/{duty.id}"))
    observer = signed_in(app.test_client(), world.observer)
    seen = page(observer.get("/desk/inspections"))
    assert "09/09/2027" in seen
    assert "Ghi một cuộc kiểm tra" not in seen
    assert observer.post("/desk/inspections", data=TYPED).status_code == 404
    office.post(f"/desk/inspections/{stored(Inspection)[0].id}/remove")
    assert stored(Inspection) == []
    assert {"inspection.added", "inspection.removed"} <= {e.action for e in stored(AuditEntry)}


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"unit": "khac"}, 400),
        ({"inspected_on": "11/09/2027"}, 422),
        ({"inspected_on": "x"}, 400),
        ({"finding": ""}, 400),
        ({"inspectors": ""}, 400),
    ],
)
def test_a_wrong_inspection_is_refused(office, stored, wrong, status) -> None:
    answer = office.post("/desk/inspections", data={**TYPED, **wrong})

    assert (answer.status_code, stored(Inspection)) == (status, [])


def test_a_ward_writes_nothing_about_others(app, world, stored) -> None:
    ward = signed_in(app.test_client(), world.warden)

    assert ward.post("/desk/inspections", data={**TYPED, "unit": "xa"}).status_code == 400
    assert stored(Inspection) == []


def test_an_inspection_may_name_the_duty_and_the_activity_it_looked_at(
    office, world, given, stored
) -> None:
    duty, *_ = give(world)
    other, *_ = give(world)
    given(an_activity(plan=world.plan, unit=world.ward, slug="treo", title="Treo ở cổng"))
    form = page(office.get(f"/desk/inspections?unit=phuong&duty={duty.id}"))
    assert f'<option selected value="{duty.id}">Treo băng rôn' in form
    assert '<option value="treo">Treo ở cổng' in form

    answer = office.post(
        "/desk/inspections", data={**TYPED, "duty": str(duty.id), "activity": "treo"}
    )

    assert answer.location.endswith(f"/desk/duties/{duty.id}")
    [row] = stored(Inspection)
    assert (row.assignment_id, row.activity_id is None) == (duty.id, False)
    shown = page(office.get(f"/desk/duties/{duty.id}"))
    assert "Kiểm tra ngày 09/09/2027: Đã treo đủ băng rôn" in shown
    assert "Treo ở cổng" in shown
    assert "Đã treo đủ" not in page(office.get(f"/desk/duties/{other.id}"))
    assert "Treo ở cổng" in page(office.get("/desk/inspections"))


def test_an_inspection_names_no_duty_of_another_unit(office, world, stored) -> None:
    _, village, _ = give(world)

    answer = office.post("/desk/inspections", data={**TYPED, "duty": str(village.id)})

    assert (answer.status_code, stored(Inspection)) == (400, [])
    assert "Đã treo đủ băng rôn" in page(answer)


def test_an_inspection_outlives_the_duty_it_looked_at(office, world, stored) -> None:
    duty, *_ = give(world)
    office.post("/desk/inspections", data={**TYPED, "duty": str(duty.id)})

    office.post(f"/desk/duties/{duty.id}/withdraw")

    assert [row.assignment_id for row in stored(Inspection)] == [None]
