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
from reports.indicators import DECLARABLE, PASSAGES
from tests import addresses as at
from tests.access import Row, device, public, signed_in, staff, whole_tree
from tests.things import Things


def _kind_of_activity(_its: Things) -> Mapping[str, Any]:
    return {"kind": "books"}


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
    "units.show": staff(Role.OBSERVER, at.unit),
    "units.new": staff(Role.ADMIN, at.unit),
    "units.create": staff(Role.ADMIN, at.unit),
    "units.edit": staff(Role.ADMIN, at.unit),
    "units.update": staff(Role.ADMIN, at.unit),
    "tree_desk.ask": staff(Role.ADMIN, at.move),
    "tree_desk.confirm": staff(Role.ADMIN, at.move),
    "tree_desk.cancel": staff(
        Role.ADMIN, lambda its: {**at.unit(its), "number": its.planned_change.id}
    ),
    "tree_desk.ask_close": staff(Role.ADMIN, at.unit),
    "tree_desk.close": staff(Role.ADMIN, at.unit, lambda _: {"last_day": "31/12/2030"}),
    "tree_desk.reopen": staff(Role.ADMIN, at.unit),
    "tree_desk.ask_link": staff(Role.ADMIN, at.unit),
    "tree_desk.link": staff(Role.ADMIN, at.unit),
    "tree_desk.unlink": staff(
        Role.ADMIN, lambda its: {**at.unit(its), "number": its.succession.id}
    ),
    "staff.index": staff(Role.ADMIN),
    "staff.new": staff(Role.ADMIN),
    "staff.create": staff(Role.ADMIN),
    "staff.show": staff(Role.ADMIN, at.account),
    "staff.give_role": staff(Role.ADMIN, at.account),
    "staff.take_role": staff(Role.ADMIN, at.grant),
    "staff.close": staff(Role.ADMIN, at.account),
    "staff.reopen": staff(Role.ADMIN, at.account),
    "staff.give_password": staff(Role.ADMIN, at.account),
    "staff.log": staff(Role.ADMIN),
}
SHEETS = {
    "sheets.index": staff(Role.ORGANISER),
    "sheets.file": staff(Role.ORGANISER),
    "sheets.new": staff(Role.ORGANISER),
    "sheets.upload": staff(Role.ORGANISER),
    "sheets.show": staff(Role.ORGANISER, at.table_import),
    "sheets.progress": staff(Role.ORGANISER, at.table_import),
    "sheets.confirm": staff(Role.ORGANISER, at.table_import),
    "sheets.drop": staff(Role.ORGANISER, at.table_import),
    "sheets.ask_undo": staff(Role.ORGANISER, lambda its: {"number": its.kept_import.id}),
    "sheets.undo": staff(Role.ORGANISER, lambda its: {"number": its.kept_import.id}),
    "sheets.result": staff(Role.ORGANISER, lambda its: {"number": its.kept_import.id}),
}
NOTIFICATIONS = {
    "notifications.index": staff(Role.ORGANISER),
    "notifications.show": staff(Role.ORGANISER, at.message),
    "notifications.write_to_myself": staff(Role.ORGANISER),
    "notifications.occasions": staff(Role.ORGANISER),
    "notifications.act": staff(Role.ORGANISER, lambda its: {**at.message(its), "deed": "hold"}),
    "notifications.act_on_many": staff(Role.ORGANISER, data=lambda _: {"deed": "hold"}),
    "choices.show": public(at.letter),
    "choices.choose": public(at.letter),
    "choices.ask": public(at.letter),
    "choices.stop": public(at.letter),
    "refused.index": staff(Role.ORGANISER),
    "refused.lift": staff(Role.ADMIN, at.suppression),
    "reminders.index": staff(Role.ORGANISER),
    "reminders.of": staff(Role.ORGANISER, at.reminded),
    "reminders.new": staff(Role.ORGANISER, at.reminded),
    "reminders.create": staff(Role.ORGANISER, at.reminded),
    "reminders.show": staff(Role.ORGANISER, at.reminder),
    "reminders.edit": staff(Role.ORGANISER, at.reminder),
    "reminders.update": staff(Role.ORGANISER, at.reminder),
    "reminders.step": staff(Role.ORGANISER, lambda its: {**at.reminder(its), "step": "on"}),
    "reminders.keep_quiet": staff(Role.ORGANISER, at.unit),
}
EVENTS = {
    "events.index": public(),
    "events.week": public(at.year),
    "movements.show": public(lambda its: {"year": its.movement.year}),
    "feeds.week": public(at.year),
    "feeds.unit": public(at.unit),
    "feeds.kind": public(_kind_of_activity),
    "feeds.activity": public(at.activity),
    "events_desk.home": staff(Role.ORGANISER),
    "events_desk.activities": staff(Role.OBSERVER),
    "events_desk.export": staff(Role.OBSERVER),
    "finding_desk.search": staff(Role.OBSERVER),
    "activities_desk.new": staff(Role.ORGANISER),
    "activities_desk.create": staff(Role.ORGANISER),
    "activities_desk.show": staff(Role.OBSERVER, at.activity),
    "activities_desk.edit": staff(Role.ORGANISER, at.activity),
    "activities_desk.ask_move": staff(Role.ORGANISER, at.activity),
    "activities_desk.release": staff(Role.ORGANISER, at.activity),
    "activities_desk.take_back": staff(Role.ORGANISER, at.activity),
    "activities_desk.copy": staff(Role.ORGANISER, at.activity),
    "activities_desk.add_evidence": staff(Role.ORGANISER, at.activity),
    "activities_desk.remove_evidence": staff(
        Role.ORGANISER, lambda its: {**at.activity(its), "number": its.evidence.id}
    ),
    "plans_desk.index": staff(Role.OBSERVER),
    "plan_documents.take": staff(Role.OBSERVER, at.plan),
    "proposals_desk.index": staff(Role.ORGANISER),
    "proposals_desk.new": staff(Role.ORGANISER),
    "proposals_desk.create": staff(Role.ORGANISER),
    "proposals_desk.show": staff(Role.ORGANISER, at.proposal),
    "proposal_parts.edit": staff(Role.ORGANISER, at.proposal_part),
    "proposal_parts.decide": staff(
        Role.ORGANISER, at.proposal_part, data=lambda its: {"choice": "keep"}
    ),
    "proposal_parts.keep_clear": staff(Role.ORGANISER, at.proposal),
    "proposal_parts.drop_rest": staff(Role.ORGANISER, at.proposal),
    "proposal_parts.take_up": staff(Role.ORGANISER, at.proposal),
    "proposal_parts.own_unit": staff(Role.ORGANISER, at.proposal),
    "proposal_parts.add_units": staff(Role.ADMIN, at.proposal),
    "proposal_parts.treat_as": staff(
        Role.ORGANISER, lambda its: {**at.proposal(its), "kind": "week"}
    ),
    "proposal_parts.choose_week": staff(
        Role.ORGANISER, at.proposal, data=lambda its: {"campaign": str(its.plan.campaign_id)}
    ),
    "proposals_desk.confirm": staff(Role.ORGANISER, at.proposal),
    "proposals_desk.put_aside": staff(
        Role.ORGANISER, lambda its: {**at.proposal(its), "step": "discard"}
    ),
    "plans_desk.start": staff(Role.ORGANISER),
    "plans_desk.show": staff(Role.OBSERVER, at.plan),
    "plans_desk.update": staff(Role.ORGANISER, at.plan),
    "plans_desk.assign": staff(Role.ORGANISER, at.plan),
    "releases.week": public(at.changes),
    "versions.show": public(
        lambda its: {**at.changes(its), "code": its.plan.unit.code, "number": its.released.number}
    ),
    "releases.plan": public(lambda its: {**at.changes(its), "code": its.plan.unit.code}),
    "releases.feed": public(at.changes),
    "releases_desk.show": staff(Role.ORGANISER, at.plan),
    "releases_desk.lay_before": staff(Role.ORGANISER, lambda its: {"number": its.watched_plan.id}),
    "releases_desk.resume": staff(Role.ORGANISER, at.plan),
    "drafts_desk.show": staff(Role.ORGANISER, at.activity),
    "drafts_desk.keep": staff(Role.ORGANISER, at.activity),
    "drafts_desk.cancel": staff(Role.ORGANISER, at.activity),
    "drafts_desk.drop": staff(Role.ORGANISER, at.activity),
    "reviews_desk.index": staff(Role.ORGANISER),
    "reviews_desk.ask_to_see": staff(Role.ORGANISER),
    "reviews_desk.ask_no_more": staff(Role.ORGANISER, at.unit),
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
    "weeks_desk.edit_venue": staff(Role.ORGANISER, at.venue),
    "weeks_desk.update_venue": staff(Role.ORGANISER, at.venue),
    "weeks_desk.weeks": staff(Role.ADMIN),
    "weeks_desk.new_week": whole_tree(),
    "weeks_desk.create_week": whole_tree(),
    "weeks_desk.edit_week": whole_tree(at.year),
    "weeks_desk.update_week": whole_tree(at.year),
}
DUTIES = {
    "duties_board.index": staff(Role.OBSERVER),
    "duties_board.listing": staff(Role.OBSERVER),
    "duties_board.export": staff(Role.OBSERVER),
    "duties_board.show": staff(Role.OBSERVER, at.duty),
    "duties_board.photo": staff(Role.OBSERVER, at.photo),
    "duties_desk.step": staff(Role.ORGANISER, lambda its: {**at.duty(its), "step": "receive"}),
    "duties_desk.edit": staff(Role.ORGANISER, at.duty),
    "duties_desk.excuse": staff(Role.ORGANISER, at.duty),
    "duties_desk.require": staff(Role.ORGANISER, at.duty),
    "duties_desk.hand_in": staff(Role.ORGANISER, at.duty),
    "duties_desk.take_out": staff(
        Role.ORGANISER, lambda its: {**at.duty(its), "piece": its.photo.evidence_id}
    ),
    "duties_desk.consent": staff(Role.ORGANISER, lambda its: {**at.photo(its), "step": "agree"}),
    "duties_desk.chase": staff(Role.OBSERVER, at.unit),
    "duties_giving.ask_give": staff(Role.ORGANISER, at.plan),
    "duties_giving.give": staff(Role.ORGANISER, at.plan),
    "duties_giving.ask_hand_out": staff(Role.ORGANISER, at.plan),
    "duties_giving.hand_out": staff(Role.ORGANISER, at.plan),
    "duty_messages.show": staff(Role.ORGANISER, at.unit),
    "duty_messages.picture": staff(Role.ORGANISER, at.handout),
    "duty_messages.renew": staff(Role.ORGANISER, at.handout),
    "inspections.index": staff(Role.OBSERVER),
    "inspections.add": staff(Role.ORGANISER),
    "inspections.remove": staff(Role.ORGANISER, lambda its: {"number": its.inspection.id}),
    "duties.show": public(at.link),
    "duties.receive": public(at.link),
    "duties.step": public(lambda its: {**at.link(its), **at.duty(its), "step": "done"}),
    "duties.hand_in": public(lambda its: {**at.link(its), **at.duty(its)}),
    "duties.take_out": public(
        lambda its: {**at.link(its), **at.duty(its), "piece": its.photo.evidence_id}
    ),
    "duties.photo": public(lambda its: {**at.link(its), "photo": its.photo.code}),
    "duties.public_photo": public(lambda its: {"photo": its.photo.code}),
}
CHECKIN = {
    "checkin.show": public(at.activity),
    "checkin.register": public(at.activity),
    "checkin.send_again": public(at.activity),
    "checkin.ticket": public(at.ticket),
    "personal.calendar": public(at.personal),
    "personal.show": public(at.personal),
    "personal.renew": public(at.personal),
    "personal.of_staff": signed_in(),
    "passport.find": public(),
    "passport.typed_code": public(data=at.passport),
    "passport.send": public(),
    "passport.show": public(at.passport),
    "passport.issue": public(at.passport, lambda its: {"campaign": its.campaign.id}),
    "passport.certificate": public(at.certificate),
    "passport.revoke": public(at.certificate),
    "passport.withdraw": public(lambda its: {**at.passport(its), "purpose": "reminders"}),
    "passport.renew": public(at.passport),
    "passport.erase": public(at.passport),
    "passport.correction.show": public(at.passport),
    "passport.correction.keep": public(at.passport, lambda its: {"name": "Nguyễn Văn Sửa"}),
    "passport.correction.address": public(at.passport_address),
    "passport.correction.take_address": public(at.passport_address),
    "checkin.withdraw": public(at.ticket),
    "checkin_api.docs": public(),
    "checkin_api.openapi": public(),
    "checkin_api.initialize_device": device(),
    "checkin_api.device_status": device(),
    "checkin_api.redeem": device(),
    "checkin_api.batch": device(),
    "checkin_api.annul": device(),
    "arrivals_api.walk_in": device(),
    "arrivals_api.group": device(),
    "roster_api.roster": device(),
    "roster_api.changes": device(),
    "roster_api.status": device(),
    "roster_api.search": device(),
    "settlements.show": staff(Role.ORGANISER, at.numbered),
    "settlements.export": staff(Role.ORGANISER, at.numbered),
    "scanners.index": staff(Role.ORGANISER),
    "scanners.invite": staff(Role.ORGANISER),
    "scanners.revoke": staff(Role.ORGANISER, lambda its: {"number": its.device.id}),
    "checkin_desk.index": staff(Role.STEWARD),
    "checkin_desk.people": staff(Role.ORGANISER, at.numbered),
    "checkin_desk.export": staff(Role.ORGANISER, at.numbered),
    "checkin_desk.promote": staff(Role.ORGANISER, at.numbered),
    "checkin_desk.withdraw": staff(Role.ORGANISER, at.seat),
    "checkin_desk.reissue": staff(Role.ORGANISER, at.seat),
    "preview_desk.update": staff(Role.ORGANISER, at.activity),
    "preview_desk.move": staff(Role.ORGANISER, at.activity),
    "preview_desk.cancel": staff(Role.ORGANISER, at.activity),
    "preview_plan_desk.release": staff(Role.ORGANISER, at.plan),
    "preview_plan_desk.cancel": staff(Role.ORGANISER, at.plan),
    "counts_desk.tally": staff(Role.STEWARD, lambda its: {"number": its.tallied.id}),
    "counts_desk.enter": staff(Role.STEWARD, lambda its: {"number": its.tallied.id}),
    "counts_desk.now": staff(Role.STEWARD, lambda its: {"number": its.tallied.id}),
    "counts_desk.entries": staff(Role.STEWARD, lambda its: {"number": its.tallied.id}),
    "counts_desk.invite": staff(Role.STEWARD, lambda its: {"number": its.tallied.id}),
    "counts_desk.revoke": staff(
        Role.STEWARD, lambda its: {"number": its.tallied.id, "screen_id": its.phone.id}
    ),
    "control.show": staff(Role.OBSERVER),
    "paper.show": staff(Role.STEWARD),
    "paper.print_": staff(Role.STEWARD),
    "paper.file": staff(Role.STEWARD, at.sheet_file),
    "paper.progress": staff(Role.STEWARD, at.sheet_file),
    "paper.fetch": staff(Role.STEWARD, at.sheet_file),
    "paper.enter": staff(Role.STEWARD),
    "paper.record": staff(Role.STEWARD),
    "points.show": staff(Role.STEWARD, lambda its: {"number": its.tallied.id}),
    "points.name": staff(Role.ORGANISER, lambda its: {"number": its.tallied.id}),
    "points.remove": staff(
        Role.ORGANISER, lambda its: {"number": its.tallied.id, "point": its.point.id}
    ),
    "points.write_views": staff(Role.STEWARD, lambda its: {"number": its.tallied.id}),
    "hall_desk.show": staff(Role.STEWARD, at.self_scanned),
    "hall_desk.invite": staff(Role.STEWARD, at.self_scanned),
    "hall_desk.revoke": staff(
        Role.STEWARD, lambda its: {**at.self_scanned(its), "screen_id": its.screen.id}
    ),
    "hall_desk.poster_file": staff(Role.STEWARD, at.self_scanned),
    "signals.show": staff(Role.ORGANISER, at.self_scanned),
    "signals.settle": staff(Role.ORGANISER, at.self_scanned, data=lambda its: {"verdict": "right"}),
    "hall.show": public(),
    "hall.pair": public(),
    "hall.state": public(),
    "hall.end": public(),
    "hall_tally.tally": public(),
    "hall_tally.enter": public(),
    "hall_tally.now": public(),
    "hall_tally.entries": public(),
    "hall_tally.worker": public(),
    "door.show": public(),
    "door.steward": public(),
    "door.worker": public(),
    "door.manifest": public(),
    "door.settlement": staff(Role.ORGANISER, at.activity),
    "door.pair": staff(Role.STEWARD, data=lambda its: {"unit": "so"}),
    "venue.type_code": public(),
    "venue.typed_code": public(data=at.poster),
    "venue.open_code": public(at.poster),
    "venue.open_step": public(at.screen),
    "venue.press": public(at.poster),
    "venue.forget": public(at.poster),
    "venue.receipt": public(at.receipt),
    "venue.bring": public(at.receipt),
}
REPORTS = {
    "office.home": staff(Role.REPORTER),
    "office.report": staff(Role.REPORTER, at.report),
    "office.make": staff(Role.REPORTER, at.report),
    "office.snapshot": staff(Role.REPORTER, at.snapshot),
    "office.download": staff(Role.REPORTER, lambda its: {**at.snapshot(its), "kind": "json"}),
    "figures.index": staff(Role.REPORTER),
    "figures.declare": staff(
        Role.REPORTER, lambda its: {**at.report(its), "indicator": DECLARABLE[0].code}
    ),
    "figures.write": staff(
        Role.REPORTER, lambda its: {**at.report(its), "section": next(iter(PASSAGES))}
    ),
    "chasing.index": staff(Role.REPORTER),
    "chasing.export": staff(Role.REPORTER),
    "chasing.show": staff(Role.REPORTER, at.unit),
    "chasing.note_call": staff(Role.REPORTER, at.unit),
    "chasing.excuse": staff(Role.REPORTER, at.chased),
    "chasing.require": staff(Role.REPORTER, at.chased),
    "ladders.index": staff(Role.REPORTER),
    "ladders.show": staff(Role.REPORTER, at.unit),
    "ladders.set_dates": staff(Role.REPORTER, at.chased),
    "ladders.switch": staff(Role.REPORTER, lambda its: {**at.chased(its), "step": "on"}),
    "verify.type_code": public(),
    "verify.typed_code": public(),
    "verify.show": public(lambda its: {"code": its.snapshot.code}),
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
