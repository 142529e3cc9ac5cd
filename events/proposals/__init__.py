"""What an import understood of a plan document: read by rules, confirmed by a person."""
