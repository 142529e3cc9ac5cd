"""Commands of reports."""

from flask.cli import AppGroup

group = AppGroup("reports", help="Commands of reports.")
