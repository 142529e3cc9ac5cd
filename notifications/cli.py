"""Commands of notifications."""

from flask.cli import AppGroup

group = AppGroup("notifications", help="Commands of notifications.")
