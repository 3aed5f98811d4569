"""Loading the files that say where everything is."""

from helfer.places.actions.addresses import AddressReport, load_addresses

__all__ = ["AddressReport", "load_addresses"]
