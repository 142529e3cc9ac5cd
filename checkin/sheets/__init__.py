"""Registrations as a table that goes in and out."""
