"""Certificates that were issued, and who asked for the address of their page."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from checkin.models import Participant
from core.addresses import MailAddress
from core.database import Base, Id
from events.models import Campaign


class Certificate(Base):
    """What one person attended in one week, as it stands on paper under a public code."""

    __tablename__ = "certificate"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    facts: Mapped[dict[str, Any]]
    """``visits``: each with the attendance it rests on. No name: that stays with the person."""
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    participant: Mapped[Participant] = relationship()
    campaign: Mapped[Campaign] = relationship()


class PassportLetter(Base):
    """Somebody typed the e-mail address of a person to be sent the address of their page.

    Or the person themselves typed a new address, which holds once its letter was answered.
    """

    __tablename__ = "passport_letter"

    id: Mapped[Id]
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    email: Mapped[str | None] = mapped_column(MailAddress())
    """The new address, empty once it is forgotten; null where the letter goes to the known one."""
