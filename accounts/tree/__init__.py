"""How the tree of units changes over the years: moves, mergers, ends, and what it was before."""
