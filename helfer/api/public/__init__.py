"""Doors of JSON for everybody: without an account, for reading only."""
