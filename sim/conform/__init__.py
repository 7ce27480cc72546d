"""Conformance: does the installed version still obey its own theory?"""
