"""Talking with visitors: what they mean, what may be told, reports, danger, and the way to a person."""
