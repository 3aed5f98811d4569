"""The tandem's pages."""
