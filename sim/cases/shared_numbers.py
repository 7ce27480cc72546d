"""Shared numbers: rows on a state whose number is another state's too, for the states of a case.

The Correlates of War, and Gleditsch and Ward, give the Soviet Union and Russia one number, 365. Our
tables say RUS in every year. If a case names SUN and not RUS, the rows of the years of SUN are its
own; likewise YUG and SRB, YAR and YEM, FRG and DEU (`lifetimes`). A table that tells the two apart
is left as it is. A case that names DEU and not FRG has the rows of both, but one capital. Tables by
name, such as SIPRI's, or by code, such as the World Bank's, are not touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from sim.data.lifetimes import Lifetime, lifetimes, one_number
from sim.data.tidy_tables import CAPITALS, INDICATORS, Kind

_BY_NUMBER = "fariss_"  # indicators of Fariss et al., who number states as Gleditsch and Ward do
_ALPHABETICAL = ["iso3_1", "iso3_2"]


def renamed_in(states: Collection[str]) -> Mapping[str, str]:
    """Return which codes of tables by number are other codes in a case, old -> new."""
    codes: dict[str, str] = {}
    for ended, heir in one_number().items():
        if ended in states and heir not in states:
            codes[heir] = ended
        elif heir in states and ended not in states and _overlap(ended, heir):
            codes[ended] = heir
    return codes


def _overlap(ended: str, heir: str) -> bool:
    """Return whether a state is counted as there in the years of its predecessor, as DEU is."""
    first, last = lifetimes()[heir].first, lifetimes()[ended].last
    return first is not None and last is not None and first < last


def renumbered(frame: pd.DataFrame, kind: Kind, codes: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a kind with codes of a case, `codes` as in `renamed_in`."""
    if not kind.numbered or not len(frame):
        return frame
    for old, new in codes.items():
        frame = _renamed(frame, kind, old, new)
    return frame


def _renamed(frame: pd.DataFrame, kind: Kind, old: str, new: str) -> pd.DataFrame:
    ended = new if new in one_number() else old
    if ended == old and kind is CAPITALS:  # Berlin is the capital of DEU in every year
        return frame
    rows = _of_years(frame, kind, lifetimes()[ended])
    if ended == new:
        apart = {*frame["file"][_naming(frame, kind, new)]}  # tables that tell the two apart
        rows &= ~frame["file"].isin(apart)
    if kind is INDICATORS:
        rows &= frame["indicator"].str.startswith(_BY_NUMBER)
    rows &= _naming(frame, kind, old)
    if not rows.any():
        return frame
    moved = frame[rows].copy()
    for column in kind.numbered:
        moved[column] = moved[column].str.replace(rf"\b{old}\b", new, regex=True)
    if kind.key and {*_ALPHABETICAL} <= {*kind.key}:
        turned = moved["iso3_1"] > moved["iso3_2"]
        moved.loc[turned, _ALPHABETICAL] = moved.loc[turned, _ALPHABETICAL[::-1]].to_numpy()
    whole = pd.concat([frame[~rows], moved], ignore_index=True)
    return whole.drop_duplicates([*kind.key], ignore_index=True) if kind.key else whole


def _naming(frame: pd.DataFrame, kind: Kind, code: str) -> pd.Series:
    """Return which rows name a state."""
    named = pd.Series(data=False, index=frame.index)
    for column in kind.numbered:
        named |= frame[column].str.contains(rf"\b{code}\b", regex=True, na=False)
    return named


def _of_years(frame: pd.DataFrame, kind: Kind, own: Lifetime) -> pd.Series:
    """Return which rows are of a year, or of a spell of years, in which a state existed."""
    first, last = frame[kind.years[0]], frame[kind.years[-1]]
    within = pd.Series(data=True, index=frame.index)
    if own.last is not None:
        within &= first <= own.last
    if own.first is not None:
        within &= last.isna() | (last >= own.first)
    return within
