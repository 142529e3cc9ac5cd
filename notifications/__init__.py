"""Messages: occasions to write, the outbox, delivery and the clock."""
