"""Public data that the user has downloaded: opened, recognised by content, read into tidy tables.

`collection.Collection` takes files or folders and gives tables by kind (docs/data.md). No table of
a publisher is in the package: `publishers` says where each is to be had, and on what terms.
"""
