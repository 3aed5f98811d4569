"""Tests that kill: they start services of their own, and kill nothing else."""
