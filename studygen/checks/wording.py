"""Whether what a sentence claims of a result holds for it: direction, strength, alikeness, size of a difference, heterogeneity,
shares. Says nothing where it cannot be told which result, or which group, is meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from studygen.checks.about import about_groups
from studygen.checks.claims import Claim, ClaimWords, claims_in, clause, found
from studygen.checks.comparisons import Comparison, Side, side
from studygen.checks.magnitudes import magnitudes_in
from studygen.checks.sentences import Sentence
from studygen.results.findings import Count, Estimate, Quantity, Result
from studygen.study.objectives import Wording

CONTRARY, STRONGER, ALIKE, SIZE, HETEROGENEITY, SHARE = "W01", "W02", "W03", "W04", "W05", "W06"
"""The rules: against the number; stronger than its interval; alikeness not shown; size of a difference; heterogeneity; share."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a claim."""

    rule: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Standard:
    """What claims are judged by: the word lists, and what the plan lays down."""

    words: ClaimWords
    wording: Wording


def verdicts(sentence: Sentence, known: Mapping[str, Comparison], standard: Standard) -> Iterator[Verdict]:
    """What is wrong with the claims of a sentence about the comparisons shown in it."""
    for claim in claims_in(sentence.text, standard.words):
        if claim.kind == "homogeneous":
            continue
        judged = [_of_one(sentence.text, claim, each, standard) for each in _meant(sentence, claim, known, standard.words)]
        # Where several results may be meant, a claim that holds for one of them stands.
        if judged and all(judged):
            yield next(each for each in judged if each)
    for size in magnitudes_in(sentence.text, standard.words):
        meant = [
            (each, side(sentence.text, size.start, size.end, each, standard.words))
            for each in _in_sentence(sentence, known)
            if each.ratio
        ]
        if meant and all(way and not size.fits(each.seen_from(way)) for each, way in meant):
            each, way = meant[0]
            yield Verdict(
                SIZE,
                f"“{size.words}” does not fit {each.seen_from(way)}: {size.expectation}",
                f'Correct the words, or let the number stand for itself: {{{{ value("{each.id}") }}}}.',
            )


def without_number(sentence: Sentence, meant: Comparison, standard: Standard) -> Iterator[Verdict]:
    """What is wrong with the claims of a sentence that shows no number, taken to be about one comparison."""
    for claim in claims_in(sentence.text, standard.words):
        if claim.kind != "homogeneous" and (verdict := _of_one(sentence.text, claim, meant, standard)):
            yield verdict


def _in_sentence(sentence: Sentence, known: Mapping[str, Comparison]) -> tuple[Comparison, ...]:
    return tuple(known[id] for id in dict.fromkeys(each.id for each in sentence.values) if id in known)


def _meant(sentence: Sentence, claim: Claim, known: Mapping[str, Comparison], words: ClaimWords) -> tuple[Comparison, ...]:
    """The comparisons that a claim may be about: those in its clause, or all of the sentence."""
    first, last = clause(sentence.text, claim.start, claim.end, words)
    near = [each.id for each in sentence.values if each.id in known and first <= each.start < last]
    ids = dict.fromkeys(near or [each.id for each in sentence.values if each.id in known])
    return tuple(known[id] for id in ids)


def _of_one(text: str, claim: Claim, comparison: Comparison, standard: Standard) -> Verdict | None:
    way: Side = side(text, claim.start, claim.end, comparison, standard.words)
    if claim.hedge == "possible" or not about_groups(text, claim, comparison, standard.words):
        return None
    if way == 0 and claim.direction:
        return None
    return JUDGES[claim.kind](claim, comparison.seen_from(way or 1), standard)


def _direction(claim: Claim, comparison: Comparison, standard: Standard) -> Verdict | None:
    above = 1 if claim.direction > 0 else -1
    on_side = (comparison.value - comparison.null) * above
    beyond = (comparison.lower > comparison.null) if above > 0 else (comparison.upper < comparison.null)
    if claim.negated:
        if beyond:
            return _contrary(claim, comparison, "the whole interval lies on the side that is denied")
        bounded = standard.wording.similar and comparison.ratio and _within_on(comparison, above, standard.wording.similar)
        return _unshown(claim, comparison, standard) if comparison.open and not bounded and not claim.hedge else None
    if on_side < 0:
        return _contrary(claim, comparison, "the estimate lies on the other side")
    if comparison.open and not claim.hedge and standard.wording.direction == "interval":
        return Verdict(
            STRONGER,
            f"“{claim.words}” is said of {comparison}, whose interval includes {comparison.null:g}",
            "Say that it is the point estimate, or that the interval includes no difference; or let plan.wording.direction say "
            "that the estimate decides.",
        )
    return None


def _within_on(comparison: Comparison, above: int, limits: tuple[float, float]) -> bool:
    return comparison.upper <= limits[1] if above > 0 else comparison.lower >= limits[0]


def _similar(claim: Claim, comparison: Comparison, standard: Standard) -> Verdict | None:
    if claim.negated:
        return None
    if not comparison.open:
        return _contrary(claim, comparison, f"the interval leaves out {comparison.null:g}")
    limits = standard.wording.similar
    if limits and comparison.ratio and limits[0] <= comparison.lower and comparison.upper <= limits[1]:
        return None
    return _unshown(claim, comparison, standard)


def _unshown(claim: Claim, comparison: Comparison, standard: Standard) -> Verdict:
    limits = standard.wording.similar
    reason = (
        f"whose interval reaches beyond the plan's {limits[0]:g} to {limits[1]:g}" if limits else "and the plan sets no limits"
    )
    return Verdict(
        ALIKE,
        f"“{claim.words}” is said of {comparison}, {reason}",
        "An interval that includes no difference shows no alikeness: say which differences it leaves open, or lay down in "
        "plan.wording.similar how near groups must be.",
    )


def _not_shown(claim: Claim, comparison: Comparison, _: Standard) -> Verdict | None:
    if claim.negated or comparison.open:
        return None
    denied = claim.direction == 0 or (comparison.value - comparison.null) * claim.direction > 0
    return _contrary(claim, comparison, f"the interval leaves out {comparison.null:g}") if denied else None


def _significant(claim: Claim, comparison: Comparison, _: Standard) -> Verdict | None:
    if claim.negated:
        return None if comparison.open else _contrary(claim, comparison, f"the interval leaves out {comparison.null:g}")
    if not comparison.open or claim.hedge:
        return None
    return Verdict(
        STRONGER,
        f"“{claim.words}” is said of {comparison}, whose interval includes {comparison.null:g}",
        "Say what the interval leaves open.",
    )


def _non_inferior(claim: Claim, comparison: Comparison, standard: Standard) -> Verdict | None:
    margin = standard.wording.non_inferior
    if claim.negated or claim.hedge or (margin and comparison.ratio and comparison.upper < margin):
        return None
    reason = f"whose upper limit is not below the plan's {margin:g}" if margin else "and the plan has no limit for it"
    return Verdict(
        STRONGER,
        f"“{claim.words}” is said of {comparison}, {reason}",
        "Leave the word out, or lay down plan.wording.non_inferior before the results are seen.",
    )


def _contrary(claim: Claim, comparison: Comparison, reason: str) -> Verdict:
    said = f"not … {claim.words}" if claim.negated else claim.words
    named = (
        f", {comparison.exposure[0]} against {comparison.comparator[0]}" if comparison.exposure and comparison.comparator else ""
    )
    return Verdict(
        CONTRARY, f"“{said}” is said of {comparison}{named}: {reason}", "Correct the words, or the result that they speak of."
    )


JUDGES: Mapping[str, Callable[[Claim, Comparison, Standard], Verdict | None]] = {
    "higher": _direction,
    "lower": _direction,
    "similar": _similar,
    "not_shown": _not_shown,
    "significant": _significant,
    "non_inferior": _non_inferior,
}


def other_verdicts(sentence: Sentence, results: Mapping[str, Result], words: ClaimWords) -> Iterator[Verdict]:
    """What is wrong with words on heterogeneity and on shares of a whole."""
    shown = [results[each.id] for each in sentence.values if each.id in results]
    yield from _heterogeneity(sentence.text, shown, words)
    yield from _shares(sentence, results, words)


def _heterogeneity(text: str, shown: Sequence[Result], words: ClaimWords) -> Iterator[Verdict]:
    tested = [each for each in shown if each.id.rsplit(".", 1)[-1] in ("q", "q_p", "i_squared", "tau_squared", "pooled")]
    for claim in claims_in(text, words):
        if claim.kind == "homogeneous" and tested and not claim.negated and claim.hedge != "possible":
            yield Verdict(
                HETEROGENEITY,
                f"“{claim.words}” is said where {tested[0].id} is shown; a test of heterogeneity cannot show that there is none",
                "Give I² or the prediction interval, and say that few data sources cannot show how much they differ.",
            )
    squares = [each for each in shown if isinstance(each, Quantity) and each.id.endswith(".i_squared") and each.value is not None]
    named = "(" + "|".join(words.heterogeneity) + ")"
    for match in re.finditer(rf"\b{named}\s+heterogeneity\b|\bheterogeneity\s+(?:was|is)\s+{named}\b", text, re.IGNORECASE):
        low, high = words.heterogeneity[(match[1] or match[2]).lower()]
        if len(squares) == 1 and not low <= round(squares[0].value or 0.0) <= high:
            yield Verdict(
                HETEROGENEITY,
                f"“{match[0]}” is said of I² {squares[0].value:.0f}%; the word stands for {low:g}% to {high:g}%",
                "Choose the word that fits, or give I² alone.",
            )


def _shares(sentence: Sentence, results: Mapping[str, Result], words: ClaimWords) -> Iterator[Verdict]:
    parts = {each.id: _part(results[each.id]) for each in sentence.values if each.id in results}
    known = [(id, part) for id, part in parts.items() if part is not None]
    for match in found(sentence.text, words.shares):
        low, high = words.shares[" ".join(match[0].lower().split())]
        if len(known) == 1 and not low <= known[0][1] <= high:
            yield Verdict(
                SHARE,
                f"“{match[0]}” is said of {100 * known[0][1]:.3g}% ({known[0][0]})",
                "Correct the words, or leave the number alone.",
            )


def _part(result: Result) -> float | None:
    if isinstance(result, Estimate) and result.measure == "proportion":
        return result.value
    if isinstance(result, Count) and result.of and result.value is not None:
        return result.value / result.of
    return None
