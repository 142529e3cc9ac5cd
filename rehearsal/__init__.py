"""Weeks that are not real: a made-up one to measure and train on, an example to learn from."""
