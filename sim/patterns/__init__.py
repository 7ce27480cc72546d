"""Patterns: stylised facts measured on a history, and whether the result lies in a band."""
