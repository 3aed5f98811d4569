"""What happens to helpers and their proofs, in one place for all doors."""

from .importing import import_helpers, preview_helpers

__all__ = ["import_helpers", "preview_helpers"]
