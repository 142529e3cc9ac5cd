"""The parts of addresses that lead to an object of one unit, for ``tests/authorization.py``."""

from collections.abc import Mapping
from typing import Any

from checkin import rotating
from checkin.passport.codes import code_of
from checkin.passport.correcting import token_of
from checkin.personal import secret_of
from checkin.posters import poster_code
from core import clock
from events.duties.links import link_code
from notifications.choices.links import code_of as letter_code
from tests.things import Things


def unit(its: Things) -> Mapping[str, Any]:
    return {"code": its.unit.code}


def move(its: Things) -> Mapping[str, Any]:
    return {**unit(its), "change": "move"}


def account(its: Things) -> Mapping[str, Any]:
    return {"number": its.account.id}


def grant(its: Things) -> Mapping[str, Any]:
    return {"number": its.account.id, "grant": its.account.grants[0].id}


def year(its: Things) -> Mapping[str, Any]:
    return {"year": its.campaign.year}


def plan(its: Things) -> Mapping[str, Any]:
    return {"number": its.plan.id}


def duty(its: Things) -> Mapping[str, Any]:
    return {"number": its.duty.id}


def photo(its: Things) -> Mapping[str, Any]:
    return {"code": its.photo.code}


def handout(its: Things) -> Mapping[str, Any]:
    return {**unit(its), "number": its.handout.id}


def link(its: Things) -> Mapping[str, Any]:
    return {"code": link_code(its.handout)}


def proposal(its: Things) -> Mapping[str, Any]:
    return {"number": its.proposal.id}


def proposal_part(its: Things) -> Mapping[str, Any]:
    return {**proposal(its), "key": "document"}


def venue(its: Things) -> Mapping[str, Any]:
    return {"number": its.venue.id}


def message(its: Things) -> Mapping[str, Any]:
    return {"number": its.message.id}


def letter(its: Things) -> Mapping[str, Any]:
    return {"code": letter_code(its.message.id)}


def suppression(its: Things) -> Mapping[str, Any]:
    return {"number": its.suppression.id}


def reminder(its: Things) -> Mapping[str, Any]:
    return {"number": its.reminder.id}


def reminded(its: Things) -> Mapping[str, Any]:
    return {"kind": "activities", "key": its.activity.slug}


def activity(its: Things) -> Mapping[str, Any]:
    return {"slug": its.activity.slug}


def numbered(its: Things) -> Mapping[str, Any]:
    return {"number": its.activity.id}


def seat(its: Things) -> Mapping[str, Any]:
    return {"number": its.activity.id, "registration_id": its.registration.id}


def changes(its: Things) -> Mapping[str, Any]:
    return {"run": "weeks", **year(its)}


def report(its: Things) -> Mapping[str, Any]:
    return {**unit(its), **year(its)}


def chased(its: Things) -> Mapping[str, Any]:
    return {**unit(its), "kind": "report"}


def snapshot(its: Things) -> Mapping[str, Any]:
    return {"number": its.snapshot.id}


def personal(its: Things) -> Mapping[str, Any]:
    return {"secret": secret_of(its.registration.participant)}


def passport(its: Things) -> Mapping[str, Any]:
    return {"code": code_of(its.registration.participant)}


def passport_address(its: Things) -> Mapping[str, Any]:
    return {**passport(its), "token": token_of(its.new_address)}


def sheet_file(its: Things) -> Mapping[str, Any]:
    return {"number": its.sheet_file.id}


def certificate(its: Things) -> Mapping[str, Any]:
    return {"code": code_of(its.certificate.participant), "number": its.certificate.code}


def ticket(its: Things) -> Mapping[str, Any]:
    return {"code": its.registration.code}


def poster(its: Things) -> Mapping[str, Any]:
    return {"code": poster_code(its.poster.id)}


def self_scanned(its: Things) -> Mapping[str, Any]:
    return {"number": its.poster.id}


def screen(its: Things) -> Mapping[str, Any]:
    """What the screen at the venue shows now."""
    return {**poster(its), "step": rotating.SCANNED.code(its.poster.id, clock.now())}


def receipt(its: Things) -> Mapping[str, Any]:
    return {"code": poster_code(its.poster.id), "pass_id": its.self_scan.pass_id}


def table_import(its: Things) -> Mapping[str, Any]:
    return {"number": its.table_import.id}
