"""What the kinds, themes and states of the programme are called, as sentences to translate."""

from core.i18n import N_
from events.models import (
    ActivityKind,
    ActivityState,
    Audience,
    Counting,
    DeadlineKind,
    DutyRole,
    Format,
    PlanState,
    Theme,
)

KINDS: dict[ActivityKind, str] = {
    ActivityKind.OPENING: N_("Opening ceremony"),
    ActivityKind.BANNER: N_("Banners and slogans"),
    ActivityKind.NEWS: N_("News and broadcasts"),
    ActivityKind.BOOKS: N_("Book exhibition or fair"),
    ActivityKind.READING: N_("Reading"),
    ActivityKind.TALK: N_("Talk or forum"),
    ActivityKind.COURSE: N_("Course or training"),
    ActivityKind.CONTEST: N_("Contest"),
    ActivityKind.RESOURCE: N_("Open learning resources"),
    ActivityKind.DONATION: N_("Donation of books, scholarships"),
    ActivityKind.REVIEW: N_("Review and commendation"),
    ActivityKind.OTHER: N_("Other activity"),
}

THEMES: dict[Theme, str] = {
    Theme.READING_CULTURE: N_("Reading culture"),
    Theme.DIGITAL_CITIZEN: N_("Digital citizen"),
    Theme.LEARNING_SOCIETY: N_("Learning society"),
    Theme.OPEN_RESOURCES: N_("Open resources"),
}

FORMATS: dict[Format, str] = {
    Format.IN_PERSON: N_("In person"),
    Format.ONLINE: N_("Held online"),
    Format.HYBRID: N_("In person and online"),
}

AUDIENCES: dict[Audience, str] = {
    Audience.EVERYONE: N_("Everyone"),
    Audience.UNITS: N_("Staff of the units named"),
    Audience.INVITED: N_("By invitation"),
}

COUNTINGS: dict[Counting, str] = {
    Counting.TICKETS: N_("Tickets with a QR code"),
    Counting.SELF_SCAN: N_("A code scanned at the venue"),
    Counting.TALLY: N_("A head count"),
    Counting.EVIDENCE: N_("Evidence only"),
}

STATES: dict[ActivityState, tuple[str, str]] = {
    ActivityState.DRAFT: (N_("Draft"), "plain"),
    ActivityState.RELEASED: (N_("Released"), "ok"),
    ActivityState.CANCELLED: (N_("Cancelled"), "stop"),
}
"""Each state in a word, with the tone that a badge shows it in."""

PLAN_STATES: dict[PlanState, tuple[str, str]] = {
    PlanState.DRAFT: (N_("Being written"), "plain"),
    PlanState.RELEASED: (N_("Issued"), "ok"),
    PlanState.CANCELLED: (N_("Plan called off"), "stop"),
}

DUTY_ROLES: dict[DutyRole, str] = {
    DutyRole.LEAD: N_("Leads"),
    DutyRole.COORDINATE: N_("Coordinates"),
    DutyRole.DO: N_("Carries out"),
}

DEADLINES: dict[DeadlineKind, str] = {
    DeadlineKind.PLAN: N_("Plans are due"),
    DeadlineKind.UNIT_REPORT: N_("Reports of units are due"),
    DeadlineKind.DEPARTMENT_REPORT: N_("The report of the department is due"),
}

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
"""Days of the week, Monday first, as ``date.weekday()`` counts them."""

WEEKDAYS_SHORT = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
