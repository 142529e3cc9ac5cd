"""Workers on many machines, for whom procrastinate carries the work over PostgreSQL."""
