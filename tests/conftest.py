"""Shapes are checked in every test, and hypothesis repeats itself where CI is set."""

from __future__ import annotations

import os

from hypothesis import settings
from jaxtyping import install_import_hook

install_import_hook("sim", "beartype.beartype")

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
