"""The plan of a unit at the desk: its document, its duties, last year's plan."""

import re
from datetime import date

from events.models import Assignment, Plan
from tests.events.pages import page
from tests.factories import a_unit


def test_a_plan_is_begun_once_and_its_document_described(desk, plan, given, stored) -> None:
    school = given(a_unit(parent=plan.unit, code="truong"))
    typed = {"unit": "truong", "title": "Kế hoạch của trường"}

    desk.post("/desk/plans", data=typed)
    assert desk.post("/desk/plans", data=typed).status_code == 409
    begun = stored(Plan)[1]
    assert begun.unit_id == school.id
    desk.post(
        f"/desk/plans/{begun.id}",
        data={"title": "Mới", "document_symbol": "12/KH-THPT", "issued_on": "20/09/2027",
              "bases": "Căn cứ một\n\nCăn cứ hai"},
    )  # fmt: skip

    changed = stored(Plan)[1]
    assert (changed.title, changed.issued_on) == ("Mới", date(2027, 9, 20))
    assert changed.bases == ["Căn cứ một", "Căn cứ hai"]
    assert desk.post(f"/desk/plans/{begun.id}", data={"issued_on": "x"}).status_code == 400


def test_duties_are_assigned_and_done_on_the_board(desk, plan, stored) -> None:
    address = f"/desk/plans/{plan.id}/duties"
    assert desk.post(address, data={"unit": "tinh"}).status_code == 400
    desk.post(
        address,
        data={"unit": "tinh", "role": "do", "duty": "Treo băng rôn", "due_on": "01/08/2027"},
    )
    [duty] = stored(Assignment)

    assert "1 nhiệm vụ quá hạn" in page(desk.get("/desk/duties"))
    for step, shown in [("receive", "Quá hạn"), ("done", "Xong ngày"), ("reopen", "Quá hạn")]:
        desk.post(f"/desk/duties/{duty.id}/{step}")
        assert shown in page(desk.get(f"/desk/plans/{plan.id}"))
    desk.post(f"/desk/duties/{duty.id}/withdraw")
    assert stored(Assignment) == []
    assert desk.post(f"/desk/duties/{duty.id}/party").status_code == 404


def test_documents_that_become_plans_belong_to_the_plans(desk) -> None:
    shown = page(desk.get("/desk/proposals"))

    assert re.findall(r'<a href="([^"]*)" aria-current="true"', shown) == ["/desk/plans"]
