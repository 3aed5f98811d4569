"""The tandem's desk."""
