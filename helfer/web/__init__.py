"""Doors of HTML, by audience; what they share lies here."""
