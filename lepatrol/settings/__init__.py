"""Grouped, frozen settings, checked on creation, and the YAML files they are read from."""
