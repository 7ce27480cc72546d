"""A case of one's own from public data: rules that turn tables into numbers, a file filled by them.

A rule is a pure function of figures, with its source and unit in its docstring; `case_figures`
takes the figures out of a user's downloads, `filled_text` writes them into a scenario
(docs/data.md).
"""
