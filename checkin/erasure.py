"""Names go, counts stay: what a person gave is erased some time after the week.

Law 91/2025/QH15, article 3.3: personal data is kept only as long as its purpose needs.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from checkin.models import Attendance, Participant, Registration
from core import clock, keys
from core.database import session
from events.models import Activity, Campaign, Plan

KEPT = timedelta(days=90)
"""How long names are kept after the last day of the last week that a person took part in."""
AT_ONCE = 500


def due(now: datetime) -> sa.Select[Participant]:
    """People of whom something is still kept, all of whose weeks ended long enough ago."""
    last_day = clock.local_day(now - KEPT)
    recent = sa.select(Activity.id).join(Plan).join(Campaign).where(Campaign.ends_on >= last_day)
    takes_part = sa.or_(
        *(
            sa.exists().where(row.participant_id == Participant.id, row.activity_id.in_(recent))
            for row in (Registration, Attendance)
        )
    )
    given = (Participant.name, Participant.email, Participant.phone)
    return (
        sa.select(Participant)
        .where(sa.or_(*(column.is_not(None) for column in given), Participant.unit_text != ""))
        .where(Participant.created_at < now - KEPT, sa.not_(takes_part))
        .order_by(Participant.id)
        .limit(AT_ONCE)
    )


def erase(now: datetime) -> int:
    """Erase a portion of what is due; returns how many people it was."""
    people = session().scalars(due(now)).all()
    for person in people:
        person.erased_as = counted_as(person)
        person.name = person.email = person.phone = None
        person.name_folded = person.unit_text = ""
    return len(people)


def counted_as(person: Participant) -> str | None:
    """Who the person stays to the counts: the same human the same, nobody to be found."""
    if not person.name:
        return None
    if not person.email:
        return str(person.id)
    return keys.sign("counted-as", f"{person.email.lower()} {person.name_folded}").hex()
