"""Print the sign-ins of a rehearsal's manifest: ``python -m tools.rehearsal FILE``."""

import json
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """One line for each account."""
    manifest = json.loads(Path(arguments[0]).read_text("utf-8"))
    for account in manifest["accounts"]:
        sys.stdout.write(
            f"  {account['email']:34} {account['password']:24} {account['role']}"
            f" ({account['unit']})\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
