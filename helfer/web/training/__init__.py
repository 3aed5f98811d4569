"""Doors of the training team."""
