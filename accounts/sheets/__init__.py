"""Units and people with their roles as tables that go in and out."""
