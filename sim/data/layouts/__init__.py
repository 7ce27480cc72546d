"""Layouts of publishers' tables, a module for each: header names, and the reading of rows."""
