"""How the date of a fact reads: when it was true or, where its source does not say, when it was read. Knows no table."""

from __future__ import annotations

from studygen.displays.frame import Speaks
from studygen.network.network import Fact


def day_of(frame: Speaks, partial: str) -> str:
    """A year, a month or a day as printed: "2024", "January 2024", "7 July 2017"."""
    texts = frame.texts
    year, *rest = partial.split("-")
    if not rest:
        return year
    month = texts.say("patterns.month", month=texts.say(f"months.{rest[0]}"), year=year)
    if len(rest) == 1:
        return month
    return texts.say("patterns.day", day=str(int(rest[1])), month=texts.say(f"months.{rest[0]}"), year=year)


def dated(frame: Speaks, fact: Fact) -> str | None:
    """The date of a fact; "read in 2026" where its source gives none, "looked up in 2026" where it is not confirmed
    either, "looked for in 2026" for an unknown one; None where it has no date at all."""
    if fact.date is None:
        return None
    when = day_of(frame, fact.date)
    if fact.as_of and fact.status != "unknown":
        return when
    kind = {"unknown": "looked_for", "unconfirmed": "looked_up"}.get(fact.status, "read")
    on = "on" if fact.date.count("-") == 2 else "in"
    return frame.texts.say(f"patterns.{kind}_{on}", date=when)
