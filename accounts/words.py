"""What kinds of units, roles and changes are called on pages."""

from accounts import audit
from accounts.models import Role, UnitKind
from core.i18n import N_

KINDS = {
    UnitKind.MINISTRY: N_("Ministry or central body"),
    UnitKind.PROVINCE: N_("People's committee of a province"),
    UnitKind.DEPARTMENT: N_("Department of a province"),
    UnitKind.COMMUNE: N_("People's committee of a commune"),
    UnitKind.DIVISION: N_("Division"),
    UnitKind.SCHOOL: N_("School"),
    UnitKind.LIBRARY: N_("Library"),
    UnitKind.CENTRE: N_("Centre"),
    UnitKind.ASSOCIATION: N_("Association"),
    UnitKind.PRESS: N_("Press body"),
    UnitKind.OTHER: N_("Other unit"),
}
ROLES = {
    Role.ADMIN: N_("Administrator"),
    Role.ORGANISER: N_("Organiser"),
    Role.REPORTER: N_("Reporter"),
    Role.OBSERVER: N_("Observer"),
    Role.STEWARD: N_("Steward"),
}
DUTIES = {
    Role.ADMIN: N_("units, accounts and everything below"),
    Role.ORGANISER: N_("plans, activities, people and the door"),
    Role.REPORTER: N_("figures and the report"),
    Role.OBSERVER: N_("sees plans and duties and reminds the units; changes nothing"),
    Role.STEWARD: N_("only the door: who may come in"),
}
"""What each role is for, in half a line."""

audit.name(
    {
        "unit.created": N_("Unit created"),
        "unit.edited": N_("Unit edited"),
        "unit.moved": N_("Unit moved in the tree"),
        "unit.merged": N_("Unit merged into another"),
        "unit.move_planned": N_("Move of the unit planned"),
        "unit.merge_planned": N_("Merger of the unit planned"),
        "unit.plan_cancelled": N_("Planned change of the unit cancelled"),
        "unit.plan_failed": N_("Planned change of the unit could not be carried out"),
        "unit.closed": N_("Unit ends"),
        "unit.reopened": N_("Unit goes on"),
        "unit.linked": N_("Origin of the unit noted"),
        "unit.unlinked": N_("Origin of the unit taken out"),
        "account.created": N_("Account created"),
        "account.closed": N_("Account closed"),
        "account.reopened": N_("Account reopened"),
        "account.password_given": N_("New password handed out"),
        "account.password_changed": N_("Own password changed"),
        "account.sessions_ended": N_("Other sessions ended"),
        "grant.given": N_("Role given"),
        "grant.taken": N_("Role taken back"),
    }
)
audit.name({role.value: sentence for role, sentence in ROLES.items()})
audit.name({kind.value: sentence for kind, sentence in KINDS.items()})
audit.name(
    {
        "name": N_("Full name"),
        "short_name": N_("Short name"),
        "code": N_("Code in addresses"),
        "kind": N_("Kind of unit"),
        "reports_to": N_("Sends its report to"),
        "symbol": N_("Symbol in document numbers"),
        "head_title": N_("Title of the head who signs"),
        "place": N_("Place name before the date"),
        "headcount": N_("People in the unit"),
        "email": N_("E-mail address of the office"),
        "parent": N_("Unit above"),
        "from": N_("Unit above before"),
        "to": N_("Unit above now"),
        "role": N_("Role"),
        "on": N_("From the day"),
        "last_day": N_("Last day of the unit"),
        "valid_from": N_("Began on"),
        "earlier": N_("Earlier unit"),
        "units": N_("Units that came along"),
    }
)
