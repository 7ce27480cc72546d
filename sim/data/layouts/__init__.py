"""Layouts of publishers, a module each: names of the header, and what rows become."""
