"""Reminders at the desk: of one activity, of a unit; written, looked at, switched on."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts import audit
from accounts.access import actor, actor_scope, requires, unit_or_404
from accounts.models import Role
from core import clock
from core.database import session, transaction
from core.errors import DomainError
from core.i18n import N_
from core.navigation import Item
from core.paging import page
from core.web import locale
from notifications.reminders import errors, labels, queries, services, wording
from notifications.reminders.declared import SORTS, Found, Sort, Suggestion
from notifications.reminders.forms import QuietForm, RuleForm
from notifications.reminders.models import ReminderRule
from notifications.reminders.showing_desk import rule_page

blueprint = Blueprint("reminders", __name__, url_prefix="/desk")

NAVIGATION = [Item(N_("Reminders"), "reminders.index", Role.ORGANISER, "desk", 60)]

PAGE = 100
ACTIVITIES = "activity"
"""The sort of subject that has a page of reminders of its own."""
FIELDS: dict[type[DomainError], str] = {
    errors.NobodyChosen: "audience",
    errors.OtherAnchor: "anchor",
    errors.OnlyAfterwards: "anchor",
    errors.MomentPassed: "moment_on",
}
"""The field beside which a refusal is shown; the others are about the texts."""


@blueprint.get("/reminders")
@requires(Role.ORGANISER)
def index() -> str:
    """All reminders of my units, and of which unit one may set up more."""
    scope = actor_scope(Role.ORGANISER)
    before = request.args.get("before", type=int)
    found = queries.rules_in(scope)
    rows, more = page(found.where(ReminderRule.id < before) if before else found, PAGE)
    units = session().scalars(scope.present(clock.local_day(clock.now())).limit(200)).all()
    return render_template(
        "notifications/reminders/index.html",
        rules=rows,
        titles=queries.titles(rows),
        following=rows[-1].id if more else None,
        before=before,
        units=units,
    )


@blueprint.get("/<any(activities, units):kind>/<key>/reminders")
@requires(Role.ORGANISER)
def of(kind: str, key: str) -> str:
    """The reminders of one activity, or those that hold for all that a unit has."""
    subject = _subject_or_404(kind, key)
    return _list(kind, key, subject)


@blueprint.get("/<any(activities, units):kind>/<key>/reminders/new")
@requires(Role.ORGANISER)
def new(kind: str, key: str) -> str:
    """Ask to whom, when, in which words; perhaps from a suggestion or a template."""
    subject, sort = _subject_or_404(kind, key), _sort_or_404(kind)
    form = _offered(RuleForm(formdata=None), sort, kind, subject)
    taken = _taken(sort)
    if taken is not None:
        form.suggest(taken)
    return _form_page(form, sort, kind, key, subject)


@blueprint.post("/<any(activities, units):kind>/<key>/reminders/new")
@requires(Role.ORGANISER)
def create(kind: str, key: str) -> Any:
    """Keep it as a draft and show what it would do."""
    subject, sort = _subject_or_404(kind, key), _sort_or_404(kind)
    form = _offered(RuleForm(), sort, kind, subject)
    if not form.validate():
        return _form_page(form, sort, kind, key, subject), 400
    number = subject.id if kind == "activities" else None
    try:
        with transaction():
            subject = _subject_or_404(kind, key)
            rule = services.write(sort, subject.unit, number, form.wanted(), now=clock.now())
            _write_down("reminder.written", rule)
    except DomainError as refusal:
        _beside(form, sort, refusal)
        return _form_page(form, sort, kind, key, _subject_or_404(kind, key)), refusal.status
    return redirect(url_for("reminders.show", number=rule.id))


@blueprint.get("/reminders/<int:number>")
@requires(Role.ORGANISER)
def show(number: int) -> str:
    """Who gets what and when, before it is switched on and after."""
    return rule_page(_rule_or_404(number))


@blueprint.get("/reminders/<int:number>/edit")
@requires(Role.ORGANISER)
def edit(number: int) -> str:
    """Ask for another time, audience or text."""
    rule = _rule_or_404(number)
    form = _offered_for(RuleForm(formdata=None), rule)
    form.suggest(rule)
    return _edit_page(form, rule)


@blueprint.post("/reminders/<int:number>/edit")
@requires(Role.ORGANISER)
def update(number: int) -> Any:
    """Keep the changes; it is a draft again until it was looked at."""
    form = _offered_for(RuleForm(), _rule_or_404(number))
    if not form.validate():
        return _edit_page(form, _rule_or_404(number)), 400
    try:
        with transaction():
            rule = _rule_or_404(number)
            services.change(rule, SORTS[rule.sort], form.wanted(), now=clock.now())
            _write_down("reminder.changed", rule)
    except DomainError as refusal:
        rule = _rule_or_404(number)
        _beside(form, SORTS[rule.sort], refusal)
        return _edit_page(form, rule), refusal.status
    flash(
        _("The changes are kept. Please look at them once more and switch the reminder on."), "ok"
    )
    return redirect(url_for("reminders.show", number=number))


@blueprint.post("/reminders/<int:number>/<any(on, off, remove):step>")
@requires(Role.ORGANISER)
def step(number: int, step: str) -> Any:
    """Let it go out from now on, stop it, or take it away."""
    now = clock.now()
    with transaction():
        rule = _rule_or_404(number)
        target = _list_address(rule)
        _write_down("reminder.removed" if step == "remove" else f"reminder.{step}", rule)
        if step == "on":
            services.switch_on(rule, now=now)
        elif step == "off":
            services.switch_off(rule, now=now)
        else:
            services.remove(rule)
    flash(_(_SAID[step]), "ok")
    return redirect(target if step == "remove" else url_for("reminders.show", number=number))


_SAID = {
    "on": N_("The reminder is switched on and goes out by itself at its time."),
    "off": N_("The reminder is switched off; what was waiting is not sent."),
    "remove": N_("The reminder was removed; what it has sent stays in the outbox."),
}


@blueprint.post("/units/<code>/reminders/quiet")
@requires(Role.ORGANISER)
def keep_quiet(code: str) -> Any:
    """Set from when to when a unit and those below it send no reminder."""
    form = QuietForm()
    if not form.validate():
        return _list("units", code, _subject_or_404("units", code), form), 400
    try:
        with transaction():
            unit = unit_or_404(code, Role.ORGANISER)
            services.keep_quiet(unit, *form.minutes, now=clock.now())
            audit.record(actor(), unit, "reminder.quiet_hours", f"unit:{unit.id}", {}, clock.now())
    except DomainError as refusal:
        form.until_hour.errors = [refusal.text(locale())]
        return _list("units", code, _subject_or_404("units", code), form), refusal.status
    flash(_("The quiet hours are kept; reminders are timed anew within a minute."), "ok")
    return redirect(url_for("reminders.of", kind="units", key=code))


@blueprint.app_template_filter("reminder_timing")
def reminder_timing(rule: ReminderRule | Suggestion, sort: str = "") -> str:
    """When a reminder goes out, in the reader's words."""
    return labels.timing(rule, SORTS[sort or getattr(rule, "sort", "")], locale())


@blueprint.app_template_filter("reminder_audience")
def reminder_audience(rule: ReminderRule | Suggestion, sort: str = "") -> str:
    """Who gets a reminder, in the reader's words."""
    audience = SORTS[sort or getattr(rule, "sort", "")].audience(rule.audience)
    return _(audience.label) if audience else rule.audience


@blueprint.app_template_filter("reminder_state")
def reminder_state(rule: ReminderRule) -> tuple[str, str]:
    """Where a reminder stands, in a word, and its tone."""
    word, tone = labels.STATES[rule.state]
    return _(word), tone


def _list(kind: str, key: str, subject: Found, quiet_form: QuietForm | None = None) -> str:
    unit, is_unit = subject.unit, kind == "units"
    mine = queries.of_unit(unit) if is_unit else queries.of_subject(
        actor_scope(Role.ORGANISER), ACTIVITIES, subject.id
    )  # fmt: skip
    quiet = queries.quiet([unit])[unit.id]
    form = quiet_form or QuietForm(formdata=None)
    if quiet_form is None:
        form.show(quiet)
    return render_template(
        "notifications/reminders/of.html",
        kind=kind,
        key=key,
        subject=subject,
        rules=session().scalars(mine).all(),
        templates=[] if is_unit else session().scalars(queries.above(unit, ACTIVITIES)).all(),
        sorts=list(SORTS.values()) if is_unit else [SORTS[ACTIVITIES]],
        offered=_fitting(None if is_unit else subject.id),
        scope=actor_scope(Role.ORGANISER),
        quiet_form=form if is_unit else None,
    )


def _fitting(subject_id: int | None) -> dict[str, list[Suggestion]]:
    """The suggestions of each sort whose people there are."""
    return {
        sort.name: [
            one
            for one in sort.suggestions
            if (audience := sort.audience(one.audience))
            and (subject_id is None or audience.fits(subject_id))
        ]
        for sort in SORTS.values()
    }


def _form_page(form: RuleForm, sort: Sort, kind: str, key: str, subject: Found) -> str:
    return render_template(
        "notifications/reminders/form.html",
        form=form,
        sort=sort,
        title=_("New reminder"),
        lead=subject.title,
        action=url_for("reminders.create", kind=kind, key=key, about=sort.name),
        back=url_for("reminders.of", kind=kind, key=key),
    )


def _edit_page(form: RuleForm, rule: ReminderRule) -> str:
    return render_template(
        "notifications/reminders/form.html",
        form=form,
        sort=SORTS[rule.sort],
        title=_("Change the reminder"),
        lead=rule.title_vi,
        action=url_for("reminders.update", number=rule.id),
        back=url_for("reminders.show", number=rule.id),
    )


def _subject_or_404(kind: str, key: str) -> Found:
    if kind == "units":
        unit = unit_or_404(key, Role.ORGANISER)
        return Found(unit.id, unit, unit.name, url_for("units.show", code=unit.code))
    return SORTS[ACTIVITIES].find(actor_scope(Role.ORGANISER), key) or abort(404)


def _sort_or_404(kind: str) -> Sort:
    about = request.args.get("about", ACTIVITIES) if kind == "units" else ACTIVITIES
    return SORTS.get(about) or abort(404)


def _rule_or_404(number: int) -> ReminderRule:
    found = queries.rules_in(actor_scope(Role.ORGANISER)).where(ReminderRule.id == number)
    rule = session().scalar(found)
    return rule if rule is not None and rule.sort in SORTS else abort(404)


def _taken(sort: Sort) -> Suggestion | ReminderRule | None:
    """The suggestion, or the reminder of mine or above me, that the address names."""
    name, like = request.args.get("from", ""), request.args.get("like", type=int)
    if like and like < 2**62:
        rule = session().get(ReminderRule, like)
        scope = actor_scope(Role.ORGANISER)
        is_near = rule is not None and (
            scope.covers(rule.unit) or any(path.startswith(rule.unit.path) for path in scope.paths)
        )
        return rule if rule is not None and is_near and rule.sort == sort.name else None
    return next((one for one in sort.suggestions if one.name == name), None)


def _offered(form: RuleForm, sort: Sort, kind: str, subject: Found) -> RuleForm:
    form.offer(sort, subject.id if kind == "activities" else None)
    return form


def _offered_for(form: RuleForm, rule: ReminderRule) -> RuleForm:
    form.offer(SORTS[rule.sort], rule.subject_id)
    return form


def _list_address(rule: ReminderRule) -> str:
    if rule.subject_id is None:
        return url_for("reminders.of", kind="units", key=rule.unit.code)
    return f"{SORTS[rule.sort].link(rule.subject_id)}/reminders"


def _beside(form: RuleForm, sort: Sort, refusal: DomainError) -> None:
    """Show a refusal beside the field that it is about."""
    name = FIELDS.get(type(refusal))
    if name is not None:
        form[name].errors = [*form[name].errors, refusal.text(locale())]
        return
    for text in (form.title_vi, form.text_vi, form.title_en, form.text_en):
        try:
            wording.check(text.data or "", sort.fields)
        except DomainError as fault:
            text.errors = [*text.errors, fault.text(locale())]


def _write_down(action: str, rule: ReminderRule) -> None:
    audit.record(actor(), rule.unit, action, f"reminder:{rule.id}", {}, clock.now())
