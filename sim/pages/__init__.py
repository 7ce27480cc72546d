"""Pages of HTML: what a report and a dashboard show, from the objects behind the terminal's answer.

A page is plain data first (`page_parts`), then text by a template. Nothing below depends on it.
"""
