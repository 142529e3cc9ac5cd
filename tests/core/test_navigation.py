"""Where the frame of a staff page says that the reader stands."""

import re

import pytest

from accounts.models import Role
from tests.factories import a_plan, an_account, signed_in


@pytest.mark.parametrize(
    ("path", "entry", "how"),
    [
        ("/desk/", "Việc cần làm", "page"),
        ("/desk/activities", "Hoạt động", "page"),
        ("/desk/activities/new", "Hoạt động", "true"),
        ("/office/", "Báo cáo", "page"),
        ("/office/figures", "Số liệu của đơn vị", "page"),
    ],
)
def test_one_entry_is_marked_on_its_page_and_on_those_below(
    client, given, path, entry, how
) -> None:
    plan = given(a_plan())
    roles = [(Role.ORGANISER, plan.unit), (Role.REPORTER, plan.unit)]
    shown = signed_in(client, given(an_account(*roles))).get(path).text

    found = re.findall(r'<li><a href="[^"]*" aria-current="(\w+)">([^<]+)</a>', shown)

    assert [mark for mark, _ in found] == [how]
    assert found[0][1] == entry
