"""The check-in API that scanners use."""

from flask import Blueprint

blueprint = Blueprint("checkin_api", __name__)
