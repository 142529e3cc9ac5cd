"""Đôn đốc: who owes what, who was told of it on which day, and who is told next."""
