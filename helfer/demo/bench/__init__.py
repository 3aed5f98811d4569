"""Many made-up neighbours in the country's shape, for measuring only."""
