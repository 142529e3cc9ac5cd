"""The outbox page: what is due, sent, stuck, and why."""

from flask import Blueprint

blueprint = Blueprint("notifications", __name__)
