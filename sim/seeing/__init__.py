"""What a result says, as plain data: one object behind every sentence, figure and page.

A number, a sign and a verdict are made once, here, so that no two faces of a result differ.
"""
