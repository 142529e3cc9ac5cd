"""Who comes to a door without a ticket: one by one, or as a group that is counted."""
