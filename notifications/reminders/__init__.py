"""Reminders that an organiser sets up: when, to whom, in which words, looked at before they go."""
