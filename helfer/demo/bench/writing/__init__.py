"""Writes what was drawn, table by table; ids run from 1 in each, persons after those of the tandems."""

from .helpers import write_helpers, write_persons
from .needs import SEEKERS_BORN, write_bonds, write_waiting

__all__ = ["SEEKERS_BORN", "write_bonds", "write_helpers", "write_persons", "write_waiting"]
