"""Doors of JSON."""
