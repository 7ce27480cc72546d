"""Patterns: what a record shows of a stylised fact, and whether that lies in its band."""
