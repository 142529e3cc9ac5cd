"""Figures, snapshots and exports for the office; verification for everyone."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__)
