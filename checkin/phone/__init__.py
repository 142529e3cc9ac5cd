"""The phone of a visitor, which comes back."""
