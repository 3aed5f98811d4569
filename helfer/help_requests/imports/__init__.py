"""Offices' lists of requests: read, held against what is there, written."""
