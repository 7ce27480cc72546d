"""Page template: plain data to HTML. Every text is escaped, so it is shown exactly as written."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

PLACE = Path(__file__).parent
STATIC = PLACE / "static"


@cache
def environment() -> Environment:
    """Return the templates: everything is escaped except our own markup."""
    return Environment(
        autoescape=True,
        keep_trailing_newline=True,
        loader=FileSystemLoader(PLACE / "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )


def page_of(template: str, **content: Any) -> str:
    """Return a self-contained page: its style and script are in it, and no other may run."""
    style, script = (_static(name) for name in ("page.css", "page.js"))
    return (
        environment()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - files of ours
            script=Markup(script),  # noqa: S704
            style_hash=_hash(style),
            script_hash=_hash(script),
            **content,
        )
    )


@cache
def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the hash of a text as in a content security policy."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
