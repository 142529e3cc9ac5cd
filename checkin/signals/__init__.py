"""Attendances that look odd: they count for less until someone has looked at them."""
