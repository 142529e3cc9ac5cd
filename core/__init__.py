"""What every floor stands on: clock, database, settings, errors, security, words."""
