"""Data of the package: scenarios, the catalogue, the list of references."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
SUFFIXES = (".yaml", ".yml")


def scenarios_folder() -> Path:
    """Return the folder of shipped scenarios: package data, or beside the package."""
    packed = _PACKAGE / "_data" / "scenarios"
    return packed if packed.is_dir() else _PACKAGE.parent / "scenarios"


def catalogue_folder() -> Path:
    """Return the folder of files that scenarios build on."""
    return scenarios_folder() / "catalogue"


def references_file() -> Path:
    """Return the list of references: package data, or beside the package."""
    packed = _PACKAGE / "_data" / "references.bib"
    return packed if packed.is_file() else _PACKAGE.parent / "docs" / "references.bib"


def shipped_scenarios() -> dict[str, Path]:
    """Return the shipped scenarios by name, sorted."""
    return yaml_files(scenarios_folder())


def yaml_files(folder: Path) -> dict[str, Path]:
    """Return the YAML files of a folder by name, sorted; empty if there is no such folder."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.stem: path for path in paths if path.suffix in SUFFIXES and path.is_file()}
