"""One activity, a seat, a ticket, the self-scan at the venue."""

from flask import Blueprint

blueprint = Blueprint("checkin", __name__)
