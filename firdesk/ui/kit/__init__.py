"""Reusable widgets without FIR nouns."""
