"""One module for each group of lines in the table."""
