"""Venues, activities and duties as tables that go in and out."""
