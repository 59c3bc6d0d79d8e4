"""Cleaning and pairing of observations."""
