"""Where organisers begin: what to do next, and the list of their activities."""

import csv
import io
import re
from datetime import date

import pytest

from accounts.models import Role
from core import clock
from events.models import ActivityState, Assignment, DutyRole
from tests.events.pages import page
from tests.factories import OPENING_DAY, a_unit, an_account, an_activity, signed_in


def test_the_list_is_searched_filtered_and_paged(desk, plan, given) -> None:
    facts = [
        {"title": f"Đọc sách {n:02}", "starts_at": clock.at(OPENING_DAY, 8, n)} for n in range(60)
    ]
    given(*[an_activity(plan=plan, **one) for one in facts])
    given(an_activity(plan=plan, title="Bản thảo", state=ActivityState.DRAFT))

    def listed(query: str) -> list[str]:
        return re.findall(r'desk/activities/[^"]+">([^<]+)</a><br>', page(desk.get(query)))

    first = page(desk.get("/desk/activities"))
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    assert len(listed("/desk/activities")) == 50
    assert len(listed(following[1])) == 11
    back = re.search(r'rel="prev" href="([^"]+)"', page(desk.get(following[1])))
    assert back
    assert listed(back[1]) == listed("/desk/activities")
    assert listed("/desk/activities?state=draft") == ["Bản thảo"]
    assert listed("/desk/activities?q=DOC+SACH+07") == ["Đọc sách 07"]
    assert listed("/desk/activities?kind=books") == []


@pytest.mark.parametrize(
    "query", ["state=x", "kind=x", "year=x", "year=99999", "after=x", "before=1-", "q=%00"]
)
def test_a_list_that_cannot_be_is_refused(desk, query) -> None:
    assert desk.get(f"/desk/activities?{query}").status_code in {400, 404}


def test_the_file_has_the_same_rows_and_no_formulas(desk, plan, given) -> None:
    given(an_activity(plan=plan, title="=1+1", contact="@cmd"))

    response = desk.get("/desk/activities.csv")

    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Tên hoạt động", "Loại hoạt động", "Trạng thái"]
    assert (rows[1][0], rows[1][3], rows[1][7]) == ("'=1+1", "01/10/2027 08:00", "'@cmd")


def test_home_says_what_to_do_next(desk, plan, given) -> None:
    late = {"role": DutyRole.DO, "duty": "Treo băng rôn", "due_on": date(2027, 8, 1)}
    given(Assignment(plan_id=plan.id, unit_id=plan.unit_id, **late))
    given(an_activity(plan=plan, title="Chờ phát hành", state=ActivityState.DRAFT))

    shown = page(desk.get("/desk/"))

    assert "Chờ phát hành" in shown
    assert "Treo băng rôn" in shown
    assert "hạn ngày 01/08/2027" in shown


def test_the_desk_before_any_week_says_who_sets_it_up(client, given) -> None:
    unit = a_unit()
    admin, organiser = given(an_account((Role.ADMIN, unit)), an_account((Role.ORGANISER, unit)))

    assert "/desk/weeks/new" in page(signed_in(client, admin).get("/desk/"))
    assert "/desk/weeks/new" not in page(signed_in(client, organiser).get("/desk/"))
    assert signed_in(client, organiser).get("/desk/activities").status_code == 200
    assert signed_in(client, organiser).get("/desk/duties").status_code == 200


def test_english_is_complete_at_the_desk(desk, plan, given) -> None:
    given(an_activity(plan=plan, slug="mot"))
    desk.set_cookie("locale", "en")

    assert "What to do next" in page(desk.get("/desk/"))
    assert "Call off" in page(desk.get("/desk/activities/mot"))
