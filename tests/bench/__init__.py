"""The measurements behind docs/benchmarks.md: ``make bench``. Nothing here passes or fails by the clock."""
