"""Who came: seats, tickets, doors, self-scan and head counts."""
