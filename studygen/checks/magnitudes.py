"""How large a sentence says that a difference is: "23% lower", "a third higher", "doubled", "1.5 times". Knows no result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studygen.checks.claims import ClaimWords, found, phrase
from studygen.checks.comparisons import Comparison

_NUMBER = r"(\d+(?:\.\d+)?)"
_ABOUT = re.compile(r"(?:about|around|roughly|nearly|almost|some|approximately)\s*$", re.IGNORECASE)
_ABOUT_SHARE = 0.15
"""How far "about" may be away, as a share of the number."""


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A factor that a ratio is said to be, from and up to."""

    words: str
    start: int
    end: int
    low: float
    high: float
    expectation: str

    def fits(self, comparison: Comparison) -> bool:
        """Whether the estimate, or a limit of its interval, is that factor: as it is, or as it is printed."""
        numbers = (comparison.value, comparison.lower, comparison.upper)
        return any(self.low - 1e-9 <= each <= self.high + 1e-9 for number in numbers for each in (number, round(number, 2)))


def magnitudes_in(text: str, words: ClaimWords) -> Iterator[Magnitude]:
    """Every size of a difference that a sentence gives in words or as a percentage of one."""
    higher, lower = phrase(words.claims["higher"].words), phrase(words.claims["lower"].words)
    for sign, direction in ((1, higher), (-1, lower)):
        for pattern in (_NUMBER + r"\s?%\s+" + direction, direction + r"\s+(?:of|by)\s+(?:about\s+)?" + _NUMBER + r"\s?%"):
            for match in re.finditer(pattern, text, re.IGNORECASE):
                if not re.match(
                    r"\s*(?:points?|percentage)|\W{0,2}" + phrase(words.not_before), text[match.end() :], re.IGNORECASE
                ):
                    yield _percent(text, match, next(each for each in match.groups() if each), sign)
        names = "|".join(words.fractions)
        for match in re.finditer(rf"\b(?:a|one|an?\s+\w+ly\s+)\s*({names})\s+" + direction, text, re.IGNORECASE):
            share, near = words.fractions[match[1].lower()], words.fraction_tolerance
            factor = 1 + sign * share
            yield Magnitude(match[0], *match.span(), factor - near, factor + near, f"that is a ratio near {factor:.2f}")
    for match in found(text, words.factors):
        low, high = words.factors[" ".join(match[0].lower().split())]
        yield Magnitude(match[0], *match.span(), low, high, f"that is a ratio of {low:g} to {high:g}")
    for match in re.finditer(_NUMBER + r"(?:\s+times\s+(?:as\s+\w+|higher|the)\b|-fold\b)", text):
        number, step = float(match[1]), 0.5 * 10 ** -len(match[1].partition(".")[2])
        yield Magnitude(match[0], *match.span(), number - step, number + step, f"that is a ratio of {match[1]}")


def _percent(text: str, match: re.Match[str], number: str, sign: int) -> Magnitude:
    share, step = float(number) / 100, 0.005 * 10 ** -len(number.partition(".")[2])
    if _ABOUT.search(text[: match.start()]) or "about" in match[0]:
        step = max(step, _ABOUT_SHARE * share)
    low, high = sorted((1 + sign * (share - step), 1 + sign * (share + step)))
    return Magnitude(match[0], *match.span(), low, high, f"that is a ratio of {1 + sign * share:g}")
