"""Lists as offices keep them: CSV and XLSX, read into rows of text with their line numbers."""

from .reading import read_table, read_table_file
from .table import NumberText, Row, Table, TableRefused, rejected_csv

__all__ = [
    "NumberText",
    "Row",
    "Table",
    "TableRefused",
    "read_table",
    "read_table_file",
    "rejected_csv",
]
