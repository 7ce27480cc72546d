"""Page template: plain data to HTML. Whatever a text holds, it stands on the page as that text."""

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
    """Return the templates: everything is escaped unless it is markup of ours."""
    return Environment(
        autoescape=True,
        keep_trailing_newline=True,
        loader=FileSystemLoader(PLACE / "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )


def page_of(template: str, **content: Any) -> str:
    """Return a page that stands alone: its style and script are in it, and nothing else may run."""
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
    """Return a text as a policy of content names it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
