"""What the database itself holds about matches, against every door, bulk update and psql alike.

Guards BEFORE a row is written look at this row alone, or write the version columns by which two sessions
meet; guards AFTER it look at other rows.
"""
