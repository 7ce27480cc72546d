"""Conformance: tests of whether the installed version obeys its own theory."""
