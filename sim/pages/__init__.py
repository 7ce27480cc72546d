"""Pages of HTML: parts of reports and dashboards, from the objects behind the terminal's answer.

A page is plain data first (`page_parts`), then HTML by a template. No lower package depends on it.
"""
