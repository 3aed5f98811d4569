"""Loading the files that say where everything is."""

from helfer.places.actions.addresses import AddressReport, load_addresses
from helfer.places.actions.barriers import BarrierReport, load_barriers
from helfer.places.actions.districts import AreaReport, load_districts
from helfer.places.actions.postcodes import PostcodeReport, load_postcodes

__all__ = [
    "AddressReport",
    "AreaReport",
    "BarrierReport",
    "PostcodeReport",
    "load_addresses",
    "load_barriers",
    "load_districts",
    "load_postcodes",
]
