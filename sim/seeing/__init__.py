"""The answer of a result as plain data: one object behind every sentence, figure and page.

Each number, sign and verdict is computed once, here, so that all views of a result agree.
"""
