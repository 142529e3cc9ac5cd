"""What recipients choose, and addresses that take no letters."""
