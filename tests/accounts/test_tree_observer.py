"""The observer: sees plans, duties and the programme of a unit, and edits nothing."""

import pytest

from accounts.models import Role
from tests.factories import a_plan, an_account, an_activity, signed_in


@pytest.fixture
def observer(client, given):
    """Somebody of the association, who watches over the plan's unit."""
    plan = given(a_plan())
    activity = given(an_activity(plan=plan))
    signed_in(client, given(an_account((Role.OBSERVER, plan.unit))))
    return client, plan, activity


def test_an_observer_reads_the_plan_without_any_form_that_edits(observer) -> None:
    client, plan, activity = observer

    for path in (f"/desk/plans/{plan.id}", "/desk/plans", f"/desk/activities/{activity.slug}"):
        shown = client.get(path)
        assert shown.status_code == 200
        assert "<form" not in shown.text.split("<main", 1)[1]


@pytest.mark.parametrize("path", ["/desk/duties", "/desk/activities", "/desk/activities.csv"])
def test_an_observer_may_look_at_the_lists(observer, path: str) -> None:
    client, _, _ = observer

    assert client.get(path).status_code == 200


def test_an_observer_changes_nothing(observer) -> None:
    client, plan, activity = observer

    for path in (f"/desk/plans/{plan.id}/release", f"/desk/activities/{activity.slug}/cancel"):
        assert client.post(path).status_code == 404
