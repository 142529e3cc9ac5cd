"""How pages, letters and the sheet call what is owed and who is told."""

from accounts import audit
from core.i18n import N_
from reports.chasing.models import Obligation, Step

OBLIGATIONS: dict[Obligation, str] = {
    Obligation.PLAN: N_("Plan not issued"),
    Obligation.DUTY: N_("Duty past its day"),
    Obligation.FIGURES: N_("Figures not declared"),
    Obligation.REPORT: N_("Report not made"),
}
"""What is missing, as it stands on a badge."""
STEPS: dict[Step, str] = {
    Step.PERSON: N_("the person who does it"),
    Step.HEAD: N_("the head of the unit"),
    Step.PARENT: N_("the unit above"),
}
"""Who hears of it."""
DEADLINES: dict[str, str] = {
    "plan": N_("Plans were due by %(day)s."),
    "unit_report": N_("Reports of units are due by %(day)s."),
}
"""By when units owe it, by the kind of the deadline."""

audit.name(
    {
        "chasing.dates": N_("Dates of reminders to units set"),
        "chasing.on": N_("Reminders to units switched on"),
        "chasing.off": N_("Reminders to units switched off"),
        "chasing.excused": N_("Unit excused from what it owes"),
        "chasing.required": N_("Unit owes it after all"),
        "chasing.called": N_("Phone call to a unit noted"),
    }
)
