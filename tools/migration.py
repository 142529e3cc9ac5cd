"""Write the next migration: what the models say that the last one does not.

``python -m tools.migration waiting_list`` upgrades an empty database in a
temporary folder and compares it with the models.
"""

import argparse
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import app  # noqa: F401  it brings the tables of every feature
from core import migrations
from core.database import Database


def main(arguments: list[str] | None = None) -> int:
    """Name the file that was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("noun", help="what it brings, such as waiting_list")
    noun = parser.parse_args(arguments).noun
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.sqlite3")
        migrations.upgrade(database, backups=Path(folder), now=datetime.now(UTC))
        with database.writer.connect() as connection:
            path = migrations.write_revision(connection, noun)
        database.dispose()
    ruff = [sys.executable, "-m", "ruff"]
    subprocess.run([*ruff, "check", "--fix", "--quiet", path], check=True)
    subprocess.run([*ruff, "format", "--quiet", path], check=True)
    sys.stdout.write(f"{path.relative_to(Path.cwd())}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
