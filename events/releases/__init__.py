"""Versions of a plan: what is kept as a draft, what was released, who saw it before."""
