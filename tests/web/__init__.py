"""The doors of HTML."""
