"""Commands of events."""

from flask.cli import AppGroup

group = AppGroup("events", help="Commands of events.")
