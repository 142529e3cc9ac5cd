"""How Alembic meets our database: on a connection that ``core.migrations`` opened."""

from alembic import context

import accounts.models
import checkin.models
import core.throttle
import events.duties.models
import events.models
import notifications.choices.models
import notifications.models
import notifications.reminders.models
import reports.chasing.models
import reports.models
from core import migrations

TABLES_OF = (
    accounts.models,
    checkin.models,
    core.throttle,
    events.duties.models,
    events.models,
    notifications.choices.models,
    notifications.models,
    notifications.reminders.models,
    reports.chasing.models,
    reports.models,
)
"""Importing these brings every table."""

connection = context.config.attributes["connection"]
context.configure(connection=connection, **migrations.options(connection))
with context.begin_transaction():
    context.run_migrations()
