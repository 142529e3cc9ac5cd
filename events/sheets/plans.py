"""The plans of a week into which rows of a table go, looked up once for all of them."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from accounts.models import Unit
from accounts.scope import Scope
from core.database import session
from core.i18n import DEFAULT_LOCALE, N_, translate
from events.models import Campaign, Plan, PlanState


class Plans:
    """The plans of an organiser's units, begun where there is none."""

    def __init__(self, week: Campaign, scope: Scope) -> None:
        self._week = week
        found = (
            sa.select(Plan)
            .join(Plan.unit)
            .where(Plan.campaign_id == week.id, scope.condition())
            .options(joinedload(Plan.unit))
        )
        self._plans = {plan.unit.path: plan for plan in session().scalars(found)}

    def nearest(self, host: Unit) -> Plan:
        """The plan of the host, or of the nearest unit above it that has one."""
        path = host.path
        while path.count("/") > 1:
            if path in self._plans:
                return self._plans[path]
            path = path.rstrip("/").rpartition("/")[0] + "/"
        return self.of(host)

    def of(self, unit: Unit) -> Plan:
        """The plan of the unit itself."""
        if unit.path not in self._plans:
            year = self._week.year
            title = translate(
                N_("Plan for the Lifelong Learning Week %(year)s"), DEFAULT_LOCALE, year=year
            )
            plan = Plan(
                campaign=self._week, unit=unit, title=title, state=PlanState.DRAFT, bases=[]
            )
            session().add(plan)
            self._plans[unit.path] = plan
        return self._plans[unit.path]
