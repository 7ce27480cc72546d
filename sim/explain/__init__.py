"""Explanations: a run is replayed by numpy, and every choice in it is put into reasons."""
