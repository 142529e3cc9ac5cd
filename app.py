"""Puts everything together; nobody imports it but the server and the tests."""

from collections.abc import Callable
from email.utils import parseaddr
from typing import Any, Literal

from flask import Flask, current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from accounts import cli as accounts_cli
from accounts import desk as accounts_desk
from accounts import units_desk
from accounts import views as accounts_views
from accounts.access import SignedIn, login_manager
from accounts.models import Role
from accounts.scope import scope
from accounts.sheets import desk as sheets_desk
from accounts.sheets import people as people_sheet
from accounts.sheets import units as units_sheet
from accounts.tree import desk as tree_desk
from accounts.tree import holdings
from checkin import api as checkin_api
from checkin import (
    counts_desk,
    door,
    letters,
    personal_views,
    preview_desk,
    preview_plan_desk,
    venue,
)
from checkin import desk as checkin_desk
from checkin import holdings as checkin_holdings
from checkin import jobs as checkin_jobs
from checkin import occasions as checkin_occasions
from checkin import queries as checkin_queries
from checkin import reminding as activity_reminders
from checkin import views as checkin_views
from checkin.arrivals import api as arrivals_api
from checkin.control import desk as control_desk
from checkin.hall import desk as hall_desk
from checkin.hall import tally_views as hall_tally
from checkin.hall import views as hall_views
from checkin.paper import desk as paper_desk
from checkin.paper import jobs as paper_jobs
from checkin.passport import occasions as passport_occasions
from checkin.passport import views as passport_views
from checkin.points import desk as points_desk
from checkin.roster import api as roster_api
from checkin.scanners import desk as scanners_desk
from checkin.settlements import desk as settlements_desk
from checkin.sheets import registrations as checkin_sheets
from checkin.signals import desk as signals_desk
from core import (
    commands,
    compression,
    database,
    doctor,
    files,
    jobs_worker,
    keys,
    logs,
    security,
    serving,
    styleguide,
    verifying,
    web,
)
from core.jobs import Work
from core.navigation import Item, Link
from core.settings import Settings, WrongSettings, load
from core.spreadsheets import importing
from core.spreadsheets.definitions import Sheet
from events import activities_desk, feed_views, movement_views, plans_desk, weeks_desk
from events import cli as events_cli
from events import desk as events_desk
from events import holdings as events_holdings
from events import views as events_views
from events.cloning import comparing_desk as cloning_compare
from events.cloning import desk as cloning_desk
from events.documents import desk as plan_documents
from events.duties import board_desk as duty_board
from events.duties import cli as duties_cli
from events.duties import desk as duties_desk
from events.duties import giving_desk as duties_giving
from events.duties import inspections_desk as inspections
from events.duties import jobs as duty_jobs
from events.duties import messages_desk as duty_messages
from events.duties import occasions as duty_occasions
from events.duties import reminding as duty_reminders
from events.duties import views as duty_views
from events.finding import desk as finding_desk
from events.proposals import deciding_desk
from events.proposals import desk as proposals_desk
from events.releases import desk as releases_desk
from events.releases import drafts_desk, reviews_desk, versions_views
from events.releases import occasions as releases_occasions
from events.releases import views as releases_views
from events.sheets import sheets as events_sheets
from events.slots import slots
from events.timetable import desk as timetable_desk
from notifications import cli as notifications_cli
from notifications import clock as notifications_clock
from notifications import doctor as notifications_doctor
from notifications import erasure, trial, upkeep
from notifications import jobs as notifications_jobs
from notifications import views as notifications_views
from notifications.choices import desk as choices_desk
from notifications.choices import views as choices_views
from notifications.reminders import declared as reminders
from notifications.reminders import desk as reminders_desk
from notifications.reminders import jobs as reminders_jobs
from notifications.reminders import occasions as reminders_occasions
from notifications.workers import doctor as workers_doctor
from rehearsal import cli as rehearsal_cli
from reports import cli as reports_cli
from reports import figures_desk, office
from reports import occasions as reports_occasions
from reports import reminding as report_reminders
from reports import views as reports_views
from reports.chasing import desk as chasing_desk
from reports.chasing import jobs as chasing_jobs
from reports.chasing import ladders_desk
from reports.chasing import occasions as chasing_occasions

FEATURES = [
    web,
    styleguide,
    verifying,
    accounts_views,
    accounts_desk,
    units_desk,
    tree_desk,
    sheets_desk,
    notifications_views,
    choices_views,
    choices_desk,
    reminders_desk,
    events_views,
    feed_views,
    movement_views,
    events_desk,
    finding_desk,
    activities_desk,
    plans_desk,
    plan_documents,
    proposals_desk,
    deciding_desk,
    duty_board,
    duties_desk,
    duties_giving,
    duty_messages,
    inspections,
    duty_views,
    weeks_desk,
    releases_views,
    versions_views,
    releases_desk,
    drafts_desk,
    reviews_desk,
    cloning_desk,
    cloning_compare,
    timetable_desk,
    checkin_views,
    personal_views,
    passport_views,
    venue,
    checkin_desk,
    counts_desk,
    points_desk,
    paper_desk,
    hall_views,
    hall_tally,
    hall_desk,
    signals_desk,
    control_desk,
    preview_desk,
    preview_plan_desk,
    door,
    checkin_api,
    arrivals_api,
    roster_api,
    scanners_desk,
    settlements_desk,
    office,
    figures_desk,
    chasing_desk,
    ladders_desk,
]
"""Modules with a ``blueprint``; one that staff can go to lists its ``NAVIGATION``."""

COMMANDS = [
    commands, jobs_worker, accounts_cli, notifications_cli, events_cli, duties_cli, reports_cli,
    rehearsal_cli,
]  # fmt: skip
COMPANIONS: list[Callable[[Flask], serving.Companion]] = [
    notifications_clock.Companion,
    jobs_worker.Companion,
]
"""What ``flask serve`` runs beside the web on one machine."""
CHECKS: list[doctor.Check] = [notifications_doctor.check, workers_doctor.check]
"""What ``flask doctor`` looks at besides the floor of core."""

SHEETS: list[Sheet] = [
    units_sheet.SHEET, people_sheet.SHEET, *events_sheets.SHEETS, checkin_sheets.SHEET,
]  # fmt: skip
"""Tables that go in and out."""
WORKS: list[Work] = [*importing.works(SHEETS), *paper_jobs.WORKS]
"""What people may ask for that takes longer than a page may."""

JOBS = [
    *reminders_jobs.JOBS,
    *chasing_jobs.JOBS,
    *notifications_jobs.JOBS,
    *duty_jobs.JOBS,
    *checkin_jobs.JOBS,
]
OCCASIONS = [
    *trial.OCCASIONS,
    *reminders_occasions.OCCASIONS,
    *checkin_occasions.OCCASIONS,
    *passport_occasions.OCCASIONS,
    *duty_occasions.OCCASIONS,
    *reports_occasions.OCCASIONS,
    *chasing_occasions.OCCASIONS,
    *releases_occasions.OCCASIONS,
]

REMINDED = [activity_reminders.SORT, duty_reminders.SORT, report_reminders.SORT]
"""What organisers may set up reminders about."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application, ready to answer; starts no thread."""
    settings = settings or _from_environment()
    app = web.Application(__name__)
    app.extensions["settings"] = settings
    app.extensions["occasions"] = {occasion.name: occasion for occasion in OCCASIONS}
    app.extensions["jobs"] = [
        *JOBS,
        erasure.job(settings.instance / "mail"),
        *upkeep.upkeep(settings.instance / "backups"),
    ]
    notifications_cli.set_up_workers(app, settings)
    app.extensions["works"] = WORKS
    app.extensions["sheets"] = SHEETS
    database.configure(settings.database_url)
    keys.configure(settings.secret_key)
    files.configure(settings.instance / "files")
    letters.configure(settings.public_url, parseaddr(settings.mail_sender)[1])
    _fill_slots()
    web.set_up(app)
    security.set_up(app, settings)
    logs.set_up(app, settings)
    compression.set_up(app)
    login_manager.init_app(app)
    for feature in FEATURES:
        app.register_blueprint(feature.blueprint)
    for command in COMMANDS:
        app.cli.add_command(command.group)
    app.cli.add_command(serving.command(COMPANIONS))
    app.cli.add_command(doctor.command(CHECKS))
    app.context_processor(staff_chrome)
    return app


def _fill_slots() -> None:
    """Give the pages of events what only checkin knows."""
    slots.seats_left = checkin_queries.seats_left
    slots.attendances = checkin_queries.attendances
    slots.registered = checkin_queries.registered
    slots.desk_pages = checkin_desk.pages_of
    reminders.declare(REMINDED)
    verifying.KINDS[:] = [passport_views.KIND, reports_views.KIND]
    holdings.KEPT[:] = [events_holdings.HOLDING, checkin_holdings.HOLDING]


def staff_chrome() -> dict[str, Any]:
    """What the frame of a staff page shows: where to go, and what is not in order."""
    return {"navigation": _navigation, "notices": _notices}


def _navigation() -> list[Link]:
    person = current_user._get_current_object()
    if not isinstance(person, SignedIn):
        return []
    items: list[Item] = [item for f in FEATURES for item in getattr(f, "NAVIGATION", [])]
    open_to = [i for i in items if scope(person.account, Role(i.role))]
    above = max((url_for(i.endpoint) for i in open_to if _is_below(i)), key=len, default=None)
    return [
        Link(gettext(i.label), href, _standing(href, above), i.section)
        for i in sorted(open_to, key=lambda i: (i.section, i.position))
        for href in [url_for(i.endpoint)]
    ]


def _is_below(item: Item) -> bool:
    """Whether the page asked for belongs to the entry, by its address."""
    here = (url_for(item.endpoint), *item.along)
    return any(request.path == a or request.path.startswith(a.rstrip("/") + "/") for a in here)


def _standing(href: str, above: str | None) -> Literal["page", "true"] | None:
    if href != above:
        return None
    return "page" if request.path == href else "true"


def _notices() -> list[str]:
    settings: Settings = _settings()
    if settings.sends_mail:
        return []
    return [gettext("Mail is not sent yet: it is only kept in the outbox of this machine.")]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _from_environment() -> Settings:
    try:
        return load()
    except WrongSettings as fault:
        raise SystemExit(str(fault)) from None
