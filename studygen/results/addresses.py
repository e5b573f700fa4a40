"""Ids of results, built from the plan's ids by the grammar of `findings`. One addition to it: a stratum of a subgroup analysis is
a part of its own after the group, `<analysis>[.<group>].<variable>=<level>.<registry>.<statistic>`."""

from __future__ import annotations

import re
from collections.abc import Sequence


def joined(*parts: str) -> str:
    """The id of these parts, empty ones left out."""
    return ".".join(part for part in parts if part)


def stem(analysis: str, group: str = "all", stratum: str = "overall") -> str:
    """The beginning that all results of an analysis, group and stratum share. A contrast and `all` leave no part."""
    named = "" if group == "all" or ":" in group else group
    return joined(analysis, named, "" if stratum == "overall" else _stratum(stratum))


def group_part(group: str) -> str:
    """A group as a part of the id of a descriptive result: nothing for `all`, `<exposure>_vs_<comparator>` for a contrast."""
    return "" if group == "all" else group.replace(":", "_vs_")


def level_part(level: str, levels: Sequence[str] = ()) -> str:
    """A covariate's level as a part of an id: lower case, anything but letters and digits an underscore. Two levels that would
    become the same (`<30`, `>30`) keep their position in `levels` as well."""
    part = _plain(level)
    alike = [other for other in levels if _plain(other) == part]
    return part if len(alike) < 2 else f"{part}_{alike.index(level) + 1}"


def _stratum(stratum: str) -> str:
    variable, _, level = stratum.partition("=")
    return f"{variable}={_plain(level)}"


def _plain(level: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", level.lower()).strip("_")
