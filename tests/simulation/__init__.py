"""A year of requests in a made-up city: who is asked, with and without the ranking's sense of fairness."""
