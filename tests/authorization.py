"""Who may open which address: one row for each endpoint of the application.

A new route needs a line in ``ROWS``, or ``tests/test_authorization.py`` fails:

    "plans_desk.show": staff(Role.OBSERVER, lambda its: {"number": its.plan.id}),

- ``public()``: everybody. ``signed_in()``: everybody of the staff, about oneself only.
- ``staff(role)``: those who hold the role anywhere; a page about no single object.
- ``staff(role, at)``: those who hold it where the object is. ``at`` gives the parts of
  the address for an object of one unit; ``its`` is a ``Things``, which makes what is
  asked for and nothing else. Add a property there when a feature has a new object.
- ``whole_tree(at)``: those who administer a whole tree, for what belongs to no unit.
- ``device()``: those who bring a device's token, whoever is signed in.

``data``, when a row needs it, gives what is posted. A form may well come back with its
faults (400, 422), and a rule may refuse (409): that is being let in. Being kept out is
404, or the sign-in page for strangers.
"""

from collections.abc import Mapping
from typing import Any

from accounts.models import Role
from checkin.personal import secret_of
from checkin.posters import poster_code
from events.duties.links import link_code
from reports.indicators import DECLARABLE, PASSAGES
from tests.access import Row, device, public, signed_in, staff, whole_tree
from tests.things import Things


def _unit(its: Things) -> Mapping[str, Any]:
    return {"code": its.unit.code}


def _move(its: Things) -> Mapping[str, Any]:
    return {**_unit(its), "change": "move"}


def _account(its: Things) -> Mapping[str, Any]:
    return {"number": its.account.id}


def _grant(its: Things) -> Mapping[str, Any]:
    return {"number": its.account.id, "grant": its.account.grants[0].id}


def _year(its: Things) -> Mapping[str, Any]:
    return {"year": its.campaign.year}


def _kind_of_activity(_its: Things) -> Mapping[str, Any]:
    return {"kind": "books"}


def _plan(its: Things) -> Mapping[str, Any]:
    return {"number": its.plan.id}


def _duty(its: Things) -> Mapping[str, Any]:
    return {"number": its.duty.id}


def _photo(its: Things) -> Mapping[str, Any]:
    return {"code": its.photo.code}


def _handout(its: Things) -> Mapping[str, Any]:
    return {**_unit(its), "number": its.handout.id}


def _link(its: Things) -> Mapping[str, Any]:
    return {"code": link_code(its.handout)}


def _proposal(its: Things) -> Mapping[str, Any]:
    return {"number": its.proposal.id}


def _proposal_part(its: Things) -> Mapping[str, Any]:
    return {**_proposal(its), "key": "document"}


def _venue(its: Things) -> Mapping[str, Any]:
    return {"number": its.venue.id}


def _message(its: Things) -> Mapping[str, Any]:
    return {"number": its.message.id}


def _activity(its: Things) -> Mapping[str, Any]:
    return {"slug": its.activity.slug}


def _numbered(its: Things) -> Mapping[str, Any]:
    return {"number": its.activity.id}


def _seat(its: Things) -> Mapping[str, Any]:
    return {"number": its.activity.id, "registration_id": its.registration.id}


def _changes(its: Things) -> Mapping[str, Any]:
    return {"run": "weeks", **_year(its)}


def _report(its: Things) -> Mapping[str, Any]:
    return {**_unit(its), **_year(its)}


def _snapshot(its: Things) -> Mapping[str, Any]:
    return {"number": its.snapshot.id}


def _personal(its: Things) -> Mapping[str, Any]:
    return {"secret": secret_of(its.registration.participant)}


def _ticket(its: Things) -> Mapping[str, Any]:
    return {"code": its.registration.code}


def _poster(its: Things) -> Mapping[str, Any]:
    return {"code": poster_code(its.poster.id)}


def _receipt(its: Things) -> Mapping[str, Any]:
    return {"code": poster_code(its.poster.id), "pass_id": its.self_scan.pass_id}


def _import(its: Things) -> Mapping[str, Any]:
    return {"number": its.table_import.id}


CORE = {
    "static": public(lambda _: {"filename": "favicon.svg"}),
    "core.favicon": public(),
    "core.healthz": public(),
    "core.readyz": public(),
    "core.set_locale": public(),
    "styleguide.show": public(),
}
ACCOUNTS = {
    "accounts.sign_in": public(),
    "accounts.enter": public(),
    "accounts.sign_out": public(),
    "accounts.own": signed_in(),
    "accounts.password": signed_in(),
    "accounts.change_password": signed_in(),
    "accounts.end_sessions": signed_in(),
    "units.index": staff(Role.OBSERVER),
    "units.show": staff(Role.OBSERVER, _unit),
    "units.new": staff(Role.ADMIN, _unit),
    "units.create": staff(Role.ADMIN, _unit),
    "units.edit": staff(Role.ADMIN, _unit),
    "units.update": staff(Role.ADMIN, _unit),
    "tree_desk.ask": staff(Role.ADMIN, _move),
    "tree_desk.confirm": staff(Role.ADMIN, _move),
    "tree_desk.cancel": staff(
        Role.ADMIN, lambda its: {**_unit(its), "number": its.planned_change.id}
    ),
    "tree_desk.ask_close": staff(Role.ADMIN, _unit),
    "tree_desk.close": staff(Role.ADMIN, _unit, lambda _: {"last_day": "31/12/2030"}),
    "tree_desk.reopen": staff(Role.ADMIN, _unit),
    "tree_desk.ask_link": staff(Role.ADMIN, _unit),
    "tree_desk.link": staff(Role.ADMIN, _unit),
    "tree_desk.unlink": staff(Role.ADMIN, lambda its: {**_unit(its), "number": its.succession.id}),
    "staff.index": staff(Role.ADMIN),
    "staff.new": staff(Role.ADMIN),
    "staff.create": staff(Role.ADMIN),
    "staff.show": staff(Role.ADMIN, _account),
    "staff.give_role": staff(Role.ADMIN, _account),
    "staff.take_role": staff(Role.ADMIN, _grant),
    "staff.close": staff(Role.ADMIN, _account),
    "staff.reopen": staff(Role.ADMIN, _account),
    "staff.give_password": staff(Role.ADMIN, _account),
    "staff.log": staff(Role.ADMIN),
}
SHEETS = {
    "sheets.index": staff(Role.ORGANISER),
    "sheets.file": staff(Role.ORGANISER),
    "sheets.new": staff(Role.ORGANISER),
    "sheets.upload": staff(Role.ORGANISER),
    "sheets.show": staff(Role.ORGANISER, _import),
    "sheets.progress": staff(Role.ORGANISER, _import),
    "sheets.confirm": staff(Role.ORGANISER, _import),
    "sheets.drop": staff(Role.ORGANISER, _import),
    "sheets.ask_undo": staff(Role.ORGANISER, lambda its: {"number": its.kept_import.id}),
    "sheets.undo": staff(Role.ORGANISER, lambda its: {"number": its.kept_import.id}),
    "sheets.result": staff(Role.ORGANISER, lambda its: {"number": its.kept_import.id}),
}
NOTIFICATIONS = {
    "notifications.index": staff(Role.ORGANISER),
    "notifications.show": staff(Role.ORGANISER, _message),
    "notifications.write_to_myself": staff(Role.ORGANISER),
    "notifications.retry": staff(Role.ORGANISER, _message),
}
EVENTS = {
    "events.index": public(),
    "events.week": public(_year),
    "movements.show": public(lambda its: {"year": its.movement.year}),
    "feeds.week": public(_year),
    "feeds.unit": public(_unit),
    "feeds.kind": public(_kind_of_activity),
    "feeds.activity": public(_activity),
    "events_desk.home": staff(Role.ORGANISER),
    "events_desk.activities": staff(Role.OBSERVER),
    "events_desk.export": staff(Role.OBSERVER),
    "finding_desk.search": staff(Role.OBSERVER),
    "activities_desk.new": staff(Role.ORGANISER),
    "activities_desk.create": staff(Role.ORGANISER),
    "activities_desk.show": staff(Role.OBSERVER, _activity),
    "activities_desk.edit": staff(Role.ORGANISER, _activity),
    "activities_desk.ask_move": staff(Role.ORGANISER, _activity),
    "activities_desk.release": staff(Role.ORGANISER, _activity),
    "activities_desk.take_back": staff(Role.ORGANISER, _activity),
    "activities_desk.copy": staff(Role.ORGANISER, _activity),
    "activities_desk.add_evidence": staff(Role.ORGANISER, _activity),
    "activities_desk.remove_evidence": staff(
        Role.ORGANISER, lambda its: {**_activity(its), "number": its.evidence.id}
    ),
    "plans_desk.index": staff(Role.OBSERVER),
    "plan_documents.take": staff(Role.OBSERVER, _plan),
    "proposals_desk.index": staff(Role.ORGANISER),
    "proposals_desk.new": staff(Role.ORGANISER),
    "proposals_desk.create": staff(Role.ORGANISER),
    "proposals_desk.show": staff(Role.ORGANISER, _proposal),
    "proposal_parts.edit": staff(Role.ORGANISER, _proposal_part),
    "proposal_parts.decide": staff(
        Role.ORGANISER, _proposal_part, data=lambda its: {"choice": "keep"}
    ),
    "proposal_parts.keep_clear": staff(Role.ORGANISER, _proposal),
    "proposal_parts.drop_rest": staff(Role.ORGANISER, _proposal),
    "proposal_parts.own_unit": staff(Role.ORGANISER, _proposal),
    "proposal_parts.add_units": staff(Role.ADMIN, _proposal),
    "proposal_parts.treat_as": staff(
        Role.ORGANISER, lambda its: {**_proposal(its), "kind": "week"}
    ),
    "proposal_parts.choose_week": staff(
        Role.ORGANISER, _proposal, data=lambda its: {"campaign": str(its.plan.campaign_id)}
    ),
    "proposals_desk.confirm": staff(Role.ORGANISER, _proposal),
    "proposals_desk.put_aside": staff(
        Role.ORGANISER, lambda its: {**_proposal(its), "step": "discard"}
    ),
    "plans_desk.start": staff(Role.ORGANISER),
    "plans_desk.show": staff(Role.OBSERVER, _plan),
    "plans_desk.update": staff(Role.ORGANISER, _plan),
    "plans_desk.assign": staff(Role.ORGANISER, _plan),
    "releases.week": public(_changes),
    "versions.show": public(
        lambda its: {**_changes(its), "code": its.plan.unit.code, "number": its.released.number}
    ),
    "releases.plan": public(lambda its: {**_changes(its), "code": its.plan.unit.code}),
    "releases.feed": public(_changes),
    "releases_desk.show": staff(Role.ORGANISER, _plan),
    "releases_desk.lay_before": staff(Role.ORGANISER, lambda its: {"number": its.watched_plan.id}),
    "releases_desk.resume": staff(Role.ORGANISER, _plan),
    "drafts_desk.show": staff(Role.ORGANISER, _activity),
    "drafts_desk.keep": staff(Role.ORGANISER, _activity),
    "drafts_desk.cancel": staff(Role.ORGANISER, _activity),
    "drafts_desk.drop": staff(Role.ORGANISER, _activity),
    "reviews_desk.index": staff(Role.ORGANISER),
    "reviews_desk.ask_to_see": staff(Role.ORGANISER),
    "reviews_desk.ask_no_more": staff(Role.ORGANISER, _unit),
    "reviews_desk.show": staff(Role.ORGANISER, lambda its: {"number": its.review.id}),
    "reviews_desk.answer": staff(
        Role.ORGANISER, lambda its: {"number": its.review.id, "step": "return"}
    ),
    "cloning_desk.new": staff(Role.ORGANISER),
    "cloning_desk.create": staff(Role.ORGANISER),
    "cloning_desk.plans": staff(Role.ORGANISER),
    "cloning_compare.undo": staff(Role.ORGANISER, lambda its: {"number": its.cloning.id}),
    "cloning_compare.show": staff(Role.ORGANISER, lambda its: {"number": its.cloning.id}),
    "cloning_compare.decide": staff(Role.ORGANISER, lambda its: {"number": its.cloning.id}),
    "timetable.index": staff(Role.OBSERVER),
    "timetable.places": staff(Role.OBSERVER),
    "timetable.conflicts_list": staff(Role.OBSERVER),
    "weeks_desk.venues": staff(Role.ORGANISER),
    "weeks_desk.new_venue": staff(Role.ORGANISER),
    "weeks_desk.create_venue": staff(Role.ORGANISER),
    "weeks_desk.edit_venue": staff(Role.ORGANISER, _venue),
    "weeks_desk.update_venue": staff(Role.ORGANISER, _venue),
    "weeks_desk.weeks": staff(Role.ADMIN),
    "weeks_desk.new_week": whole_tree(),
    "weeks_desk.create_week": whole_tree(),
    "weeks_desk.edit_week": whole_tree(_year),
    "weeks_desk.update_week": whole_tree(_year),
}
DUTIES = {
    "duties_board.index": staff(Role.OBSERVER),
    "duties_board.listing": staff(Role.OBSERVER),
    "duties_board.export": staff(Role.OBSERVER),
    "duties_board.show": staff(Role.OBSERVER, _duty),
    "duties_board.photo": staff(Role.OBSERVER, _photo),
    "duties_desk.step": staff(Role.ORGANISER, lambda its: {**_duty(its), "step": "receive"}),
    "duties_desk.edit": staff(Role.ORGANISER, _duty),
    "duties_desk.excuse": staff(Role.ORGANISER, _duty),
    "duties_desk.require": staff(Role.ORGANISER, _duty),
    "duties_desk.hand_in": staff(Role.ORGANISER, _duty),
    "duties_desk.take_out": staff(
        Role.ORGANISER, lambda its: {**_duty(its), "piece": its.photo.evidence_id}
    ),
    "duties_desk.consent": staff(Role.ORGANISER, lambda its: {**_photo(its), "step": "agree"}),
    "duties_desk.chase": staff(Role.OBSERVER, _unit),
    "duties_giving.ask_give": staff(Role.ORGANISER, _plan),
    "duties_giving.give": staff(Role.ORGANISER, _plan),
    "duties_giving.ask_hand_out": staff(Role.ORGANISER, _plan),
    "duties_giving.hand_out": staff(Role.ORGANISER, _plan),
    "duty_messages.show": staff(Role.ORGANISER, _unit),
    "duty_messages.picture": staff(Role.ORGANISER, _handout),
    "duty_messages.renew": staff(Role.ORGANISER, _handout),
    "inspections.index": staff(Role.OBSERVER),
    "inspections.add": staff(Role.ORGANISER),
    "inspections.remove": staff(Role.ORGANISER, lambda its: {"number": its.inspection.id}),
    "duties.show": public(_link),
    "duties.receive": public(_link),
    "duties.step": public(lambda its: {**_link(its), **_duty(its), "step": "done"}),
    "duties.hand_in": public(lambda its: {**_link(its), **_duty(its)}),
    "duties.take_out": public(
        lambda its: {**_link(its), **_duty(its), "piece": its.photo.evidence_id}
    ),
    "duties.photo": public(lambda its: {**_link(its), "photo": its.photo.code}),
    "duties.public_photo": public(lambda its: {"photo": its.photo.code}),
}
CHECKIN = {
    "checkin.show": public(_activity),
    "checkin.register": public(_activity),
    "checkin.send_again": public(_activity),
    "checkin.ticket": public(_ticket),
    "personal.calendar": public(_personal),
    "personal.show": public(_personal),
    "personal.renew": public(_personal),
    "personal.of_staff": signed_in(),
    "checkin.withdraw": public(_ticket),
    "checkin_api.docs": public(),
    "checkin_api.openapi": public(),
    "checkin_api.initialize_device": device(),
    "checkin_api.device_status": device(),
    "checkin_api.redeem": device(),
    "checkin_api.batch": device(),
    "checkin_api.annul": device(),
    "roster_api.roster": device(),
    "roster_api.changes": device(),
    "roster_api.status": device(),
    "roster_api.search": device(),
    "settlements.show": staff(Role.ORGANISER, _numbered),
    "settlements.export": staff(Role.ORGANISER, _numbered),
    "scanners.index": staff(Role.ORGANISER),
    "scanners.invite": staff(Role.ORGANISER),
    "scanners.revoke": staff(Role.ORGANISER, lambda its: {"number": its.device.id}),
    "checkin_desk.index": staff(Role.STEWARD),
    "checkin_desk.people": staff(Role.ORGANISER, _numbered),
    "checkin_desk.export": staff(Role.ORGANISER, _numbered),
    "checkin_desk.promote": staff(Role.ORGANISER, _numbered),
    "checkin_desk.withdraw": staff(Role.ORGANISER, _seat),
    "checkin_desk.reissue": staff(Role.ORGANISER, _seat),
    "preview_desk.update": staff(Role.ORGANISER, _activity),
    "preview_desk.move": staff(Role.ORGANISER, _activity),
    "preview_desk.cancel": staff(Role.ORGANISER, _activity),
    "preview_plan_desk.release": staff(Role.ORGANISER, _plan),
    "preview_plan_desk.cancel": staff(Role.ORGANISER, _plan),
    "counts_desk.tally": staff(Role.STEWARD, lambda its: {"number": its.tallied.id}),
    "counts_desk.enter": staff(Role.STEWARD, lambda its: {"number": its.tallied.id}),
    "counts_desk.poster": staff(Role.STEWARD, lambda its: {"number": its.poster.id}),
    "door.show": staff(Role.STEWARD),
    "door.pair": staff(Role.STEWARD, data=lambda its: {"unit": "so"}),
    "venue.type_code": public(),
    "venue.typed_code": public(data=_poster),
    "venue.open_code": public(_poster),
    "venue.press": public(_poster),
    "venue.receipt": public(_receipt),
    "venue.bring": public(_receipt),
}
REPORTS = {
    "office.home": staff(Role.REPORTER),
    "office.report": staff(Role.REPORTER, _report),
    "office.make": staff(Role.REPORTER, _report),
    "office.snapshot": staff(Role.REPORTER, _snapshot),
    "office.download": staff(Role.REPORTER, lambda its: {**_snapshot(its), "kind": "json"}),
    "figures.index": staff(Role.REPORTER),
    "figures.declare": staff(
        Role.REPORTER, lambda its: {**_report(its), "indicator": DECLARABLE[0].code}
    ),
    "figures.write": staff(
        Role.REPORTER, lambda its: {**_report(its), "section": next(iter(PASSAGES))}
    ),
    "reports.verify": public(lambda its: {"code": its.snapshot.code}),
}

ROWS: dict[str, Row] = {
    **CORE,
    **ACCOUNTS,
    **SHEETS,
    **NOTIFICATIONS,
    **EVENTS,
    **DUTIES,
    **CHECKIN,
    **REPORTS,
}
