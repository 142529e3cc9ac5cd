"""What the doors of an activity wrote down, and how it was settled."""
