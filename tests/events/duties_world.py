"""A province whose plan lays duties on two communes, for the tests about duties."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Role, Unit, UnitKind
from core import clock
from core.database import session, transaction
from events.duties import services
from events.duties.links import path
from events.duties.models import Handout
from events.models import Assignment, Plan
from tests.factories import LONG_AGO, a_campaign, a_plan, a_unit, an_account

TOLD = LONG_AGO
DUE = date(2027, 9, 20)
BEFORE, AFTER = clock.at(date(2027, 9, 10), 9), clock.at(date(2027, 9, 25), 9)


@dataclass
class World:
    """The units, the plan, and who may do what."""

    province: Unit
    ward: Unit
    village: Unit
    association: Unit
    plan: Plan
    organiser: Any
    observer: Any
    warden: Any
    """An organiser of the ward alone."""


def a_world(given: Any) -> World:
    province = a_unit(code="tinh", name="UBND tỉnh", kind=UnitKind.PROVINCE)
    units = [
        a_unit(parent=province, parent_id=province.id, code=code, name=name, kind=kind, email=mail)
        for code, name, kind, mail in [
            ("phuong", "UBND phường Tích Lương", UnitKind.COMMUNE, "phuong@example.com"),
            ("xa", "UBND xã Đại Phúc", UnitKind.COMMUNE, None),
            ("hoi", "Hội Khuyến học tỉnh", UnitKind.ASSOCIATION, "hoi@example.com"),
        ]
    ]
    plan = a_plan(campaign=a_campaign(), unit=province)
    people = [
        an_account((Role.ORGANISER, province), full_name="Chị Tổ Chức"),
        an_account((Role.OBSERVER, province), full_name="Ông Khuyến Học"),
        an_account((Role.ORGANISER, units[0])),
    ]
    given(province, *units, plan, *people)
    ward, village, association = units
    return World(province, ward, village, association, plan, *people)


def give(world: World, *, told: bool = True, due_on: date | None = DUE) -> list[Assignment]:
    """Both communes hang banners, the association helps; handed out on the first of September."""
    with transaction():
        plan = session().merge(world.plan)
        carriers = [session().merge(u) for u in (world.ward, world.village)]
        task = services.Task("Treo băng rôn", due_on, "Theo mẫu", "UBND cấp xã")
        rows = services.give(
            plan, task, carriers=carriers, coordinators=[session().merge(world.association)]
        )
        session().flush()
        if told:
            services.hand_out(plan, now=TOLD)
    return rows


def link(stored: Any, unit: Unit) -> str:
    """Where the unit answers."""
    return next(path(row) for row in stored(Handout) if row.unit_id == unit.id)
