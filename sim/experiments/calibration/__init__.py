"""Calibration: uncertain numbers fitted to patterns by approximate Bayesian computation."""
