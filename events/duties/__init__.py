"""Who does what by when: groups of units, receipts, chases, inspections, photos, the board."""
