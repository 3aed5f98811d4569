"""The way on foot between two homes, for people to read; no rule depends on it."""

from .estimate import WAY_FACTOR, Way
from .ways import beeline_way, ways

__all__ = ["WAY_FACTOR", "Way", "beeline_way", "ways"]
