"""The helper's own pages."""
