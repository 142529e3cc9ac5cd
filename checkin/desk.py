"""People of an activity, head counts, posters."""

from flask import Blueprint

blueprint = Blueprint("checkin_desk", __name__)
