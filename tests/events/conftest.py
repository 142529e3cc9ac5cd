"""The desk of a unit whose plan is being written."""

import pytest

from accounts.models import Role
from events.models import PlanState
from tests.factories import LONG_AGO, a_campaign, a_plan, a_unit, an_account, signed_in


@pytest.fixture
def plan(given, at):
    at(LONG_AGO)
    return given(a_plan(campaign=a_campaign(), unit=a_unit(code="tinh"), state=PlanState.DRAFT))


@pytest.fixture
def desk(client, plan, given):
    """An organiser of the unit of the plan, signed in."""
    return signed_in(client, given(an_account((Role.ORGANISER, plan.unit))))


@pytest.fixture
def top(client, plan, given):
    """An administrator of the whole tree, signed in."""
    return signed_in(client, given(an_account((Role.ADMIN, plan.unit))))
