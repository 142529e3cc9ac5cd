"""When checkin writes to people."""

from notifications.occasions import Occasion

OCCASIONS: list[Occasion] = []
