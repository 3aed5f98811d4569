"""The resilience drill: what it would mean if helpers dropped out. It reads, reckons, and changes nothing."""

from .needs import AT_RISK_FROM_CARE_LEVEL, Need
from .outage import Outage
from .rehearsal import ALONE, Drill, Fate, Outcome, drill, only_looking

__all__ = [
    "ALONE",
    "AT_RISK_FROM_CARE_LEVEL",
    "Drill",
    "Fate",
    "Need",
    "Outage",
    "Outcome",
    "drill",
    "only_looking",
]
