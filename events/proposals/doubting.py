"""Why a person should look at the week or the units that were understood."""

from datetime import date

from core.i18n import N_
from events.models import Campaign, CampaignKind
from events.proposals.matching import Match
from events.proposals.parts import Doubt, Values
from events.proposals.proposal import Proposal

MAY_NOT_BEGIN = N_(
    "It has not been set up yet, and you may not do so: ask the administrator of the "
    "whole tree, or choose another week; the days then move with it."
)
LONGEST_WEEK = 60
"""Days that a week may last at most."""


def about_campaign(
    values: Values, told: Proposal, known: Campaign | None, may_begin: bool
) -> list[Doubt]:
    """What a person should know of the week or movement that was understood."""
    doubts = []
    chosen = values["campaign"] is not None
    if told.campaign is None:
        doubts.append(Doubt(N_("The document does not say for which week or movement it is.")))
    if not chosen and not (values["starts_on"] and values["ends_on"]):
        doubts.append(Doubt(N_("The document does not say its first and last day."), blocks=True))
    if not chosen and not may_begin:
        doubts.append(Doubt(MAY_NOT_BEGIN, blocks=True))
    if known and values["campaign"] == known.id and told.starts_on and told.ends_on:
        days = (known.starts_on, known.ends_on)
        if (told.starts_on, told.ends_on) != days:
            sentence = N_(
                "The document has other days than the week, which runs %(first)s – %(last)s."
            )
            facts = {"first": f"{days[0]:%d/%m/%Y}", "last": f"{days[1]:%d/%m/%Y}"}
            doubts.append(Doubt(sentence, facts))
    if _is_too_long(values):
        doubts.append(
            Doubt(N_("A week of more than %(n)s days."), {"n": LONGEST_WEEK}, blocks=True)
        )
    return doubts


def about_units(match: Match, values: Values) -> list[Doubt]:
    """What a person should know of the units that carry something."""
    if not values["units"]:
        if match.outside:
            sentence = N_(
                "%(unit)s is not below the unit of this plan, so it cannot be given a duty here."
            )
            return [Doubt(sentence, {"unit": match.outside[0].name}, blocks=True)]
        if match.is_group or not match.missing:
            return [Doubt(N_("It is not clear which units are meant."), blocks=True)]
        return [Doubt(N_("No unit of ours has this name."), blocks=True)]
    doubts = []
    if match.missing:
        names = {"names": "; ".join(match.missing)}
        doubts.append(Doubt(N_("No unit of ours has this name: %(names)s."), names))
    for name, unit in match.former:
        sentence = N_("%(earlier)s is no more; %(later)s, which goes on for it, is taken instead.")
        doubts.append(Doubt(sentence, {"earlier": name, "later": unit.name}))
    if match.is_dated:
        doubts.append(Doubt(N_("Districts ended on 1 July 2025; communes are taken instead.")))
    return doubts


def _is_too_long(values: Values) -> bool:
    if values["kind"] != CampaignKind.WEEK.value or not (values["starts_on"] and values["ends_on"]):
        return False
    return (
        not 0
        <= (date.fromisoformat(values["ends_on"]) - date.fromisoformat(values["starts_on"])).days
        <= LONGEST_WEEK
    )
