"""The page docs/odd.md; its part on laws is made from their docstrings."""

from __future__ import annotations

import inspect
import sys
from importlib.resources import files

from sim.cli.app import command
from sim.cli.streams import echo, markdown
from sim.documents.sources import cited
from sim.kernel.rules import ROLES, parameters_in
from sim.scenario.citations import shipped_entries, words_of

_TEMPLATE = "odd.md"
_PROTOCOL = {
    "finnemore1998", "grimm2020", "heider1946", "hirschman1945", "hirschman1970", "mcfadden1974",
    "muller2013", "oberst2019", "olson1966", "salmon2011", "snyder1961", "snyder1984", "walt1985",
    "waltz1979",
}  # fmt: skip
_HEADS = ("role", "variant", "parameter", "value", "bounds", "unit", "source", "meaning")


@command("Example: blocsim odd > docs/odd.md")
def odd() -> None:
    """Print the model description (ODD+D protocol) in Markdown."""
    echo(page().rstrip("\n"))


def page() -> str:
    """Return the model description (ODD+D) in Markdown."""
    text = (files("sim.cli") / _TEMPLATE).read_text(encoding="utf-8")
    parts = {
        "submodels": "\n\n".join(_submodel(role) for role in ROLES),
        "parameters": _parameters(),
        "references": _references(),
    }
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


def _submodel(role: str) -> str:
    """Return a role: the text of its file, and its variants with what each computes."""
    laws = ROLES[role]
    modules = dict.fromkeys(law.__module__ for law in laws.values())
    texts = [f"```text\n{_doc(sys.modules[name])}\n```" for name in modules]
    lines = []
    for variant, law in laws.items():
        lines.append(f"- **{variant}**: {_doc(law)}")
        lines += [f"  - `{name}`: {_first(method)}" for name, method in _methods(law)]
    return "\n\n".join([f"#### {role}", *texts, "\n".join(lines)])


def _methods(law: type) -> list[tuple[str, object]]:
    names = dict.fromkeys(name for kind in reversed(law.__mro__) for name in vars(kind))
    return [
        (name, getattr(law, name))
        for name in names
        if not name.startswith("_") and inspect.isfunction(getattr(law, name))
    ]


def _doc(thing: object) -> str:
    return inspect.getdoc(thing) or ""


def _first(thing: object) -> str:
    """Return the object that the first line of a docstring says is returned."""
    said = " ".join(_doc(thing).split("\n\n")[0].split()).removeprefix("Return ")
    return said[:1].upper() + said[1:]


def _parameters() -> str:
    rows = (
        (role, variant, f"`{name}`", f"{p.value:g}", p.bounds, p.unit, p.source, p.doc)
        for role, variants in ROLES.items()
        for variant in variants
        for name, p in parameters_in(role, variant).items()
    )
    return markdown(_HEADS, rows).rstrip("\n")


def _references() -> str:
    known = shipped_entries()
    keys = set(_PROTOCOL)
    for role, variants in ROLES.items():
        for variant, law in variants.items():
            keys |= words_of(sys.modules[law.__module__].__doc__) & known.keys()
            keys |= {about.source for about in parameters_in(role, variant).values()} & known.keys()
    return "\n".join(f"- `{key}`: {cited(known[key])}" for key in sorted(keys))
