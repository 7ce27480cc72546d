"""Downloads: the option `--data` of a measurement, and the tables of public data that it names."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.cases.archive import Archive
from sim.data.collection import collect


def parser_of(doc: str) -> argparse.ArgumentParser:
    """Return a parser of the command line with the option `--data`, described by a first line."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--data", required=True, action="append")
    return parser


def archive_of(options: argparse.Namespace) -> Archive:
    """Return the tables in the files and folders of `--data`."""
    return Archive(collect([Path(each) for each in options.data]))
