"""Where organisers plan: activities, plans, duties."""

from flask import Blueprint

blueprint = Blueprint("events_desk", __name__)
