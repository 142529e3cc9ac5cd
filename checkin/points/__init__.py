"""Điểm cầu of an activity, each with its own head count, and the views of its streams."""
