"""How Alembic meets our database: on a connection that ``core.migrations`` opened."""

from alembic import context

import app  # noqa: F401  it brings the tables of every feature
from core import migrations

connection = context.config.attributes["connection"]
context.configure(connection=connection, **migrations.options(connection))
with context.begin_transaction():
    context.run_migrations()
