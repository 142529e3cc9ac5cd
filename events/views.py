"""The public programme and its calendars."""

from flask import Blueprint

blueprint = Blueprint("events", __name__)
