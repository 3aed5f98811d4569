"""Doors of help seekers and of those who speak for them."""
