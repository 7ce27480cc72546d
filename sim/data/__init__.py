"""Public data downloaded by the user: recognised by content and read into tidy tables.

`collection.collect` reads files and folders, and a `Collection` has tables by kind (docs/data.md).
The package contains no table of a publisher; `publishers` says where to download each, and on what
terms.
"""
