"""Offices' lists of helpers: read, held against what is there, written."""
