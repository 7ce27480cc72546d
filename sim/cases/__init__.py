"""Cases: scenarios filled from public data, by rules that turn tables into numbers (docs/case.md).

A rule is a pure function of figures, with unit and source in the docstring of its module. The
topics (`economy_figures`, `tie_figures`, `regard_figures`, `arms_figures`) take figures from a
user's downloads and apply the rules, and `filled_text` writes the values into a scenario.
"""
