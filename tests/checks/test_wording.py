"""Words are judged against the number in their sentence. Each line is a sentence as an assessor would read it: `[0.77 0.55 1.08]`
stands for a result with its interval, natalizumab against fingolimod. Results are typed; the verdicts are those of the usual
reading of an interval, not of this program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studygen.checks.claims import ClaimWords, load_claim_words
from studygen.checks.comparisons import Comparison
from studygen.checks.sentences import Sentence, Shown
from studygen.checks.wording import Standard, other_verdicts, verdicts
from studygen.results.findings import Estimate, Origin, Quantity, Result
from studygen.study.objectives import Wording

ROOT = Path(__file__).resolve().parents[2]
_RESULT = re.compile(r"\[(-?[\d.]+) (-?[\d.]+) (-?[\d.]+)( difference)?\]")


@pytest.fixture(scope="module")
def words() -> ClaimWords:
    return load_claim_words(ROOT / "templates" / "guidance" / "claims.yaml")


def read(text: str) -> tuple[Sentence, dict[str, Comparison]]:
    """A line of the tables below as a sentence and its results."""
    shown, known, plain = [], {}, ""
    position = 0
    for number, match in enumerate(_RESULT.finditer(text)):
        plain += text[position : match.start()]
        value, lower, upper = (float(each) for each in match.groups()[:3])
        id = f"main.{number}"
        known[id] = Comparison(id, value, lower, upper, not match[4], ("natalizumab",), ("fingolimod",))
        printed = f"{value:g} ({lower:g}–{upper:g})"
        shown.append(Shown(id, len(plain), len(plain) + len(printed)))
        plain += printed
        position = match.end()
    return Sentence(plain + text[position:], tuple(shown)), known


def judged(text: str, words: ClaimWords, wording: Wording) -> str:
    """The rules that the sentence breaks, in the order of the rules."""
    sentence, known = read(text)
    return " ".join(sorted({each.rule for each in verdicts(sentence, known, Standard(words, wording))}))


HOLDS = """
The rate was lower with natalizumab, [0.66 0.59 0.74].
The rate was higher with fingolimod than with natalizumab, [0.66 0.59 0.74].
The rate ratio was [0.66 0.59 0.74], a significantly lower rate with natalizumab.
Natalizumab reduced the rate of relapse, [0.66 0.59 0.74].
Compared with fingolimod, the rate was reduced, [0.66 0.59 0.74].
The rate was increased under fingolimod, [0.66 0.59 0.74].
The hazard was higher with natalizumab, [1.80 1.20 2.70].
Relapses were less frequent with natalizumab, [0.66 0.59 0.74].
Relapses were more frequent under fingolimod, [0.66 0.59 0.74].
The point estimate was lower with natalizumab, but the interval includes 1, [0.77 0.55 1.08].
Numerically the rate was lower with natalizumab, [0.77 0.55 1.08].
The rate tended to be lower with natalizumab, [0.77 0.55 1.08].
There was no evidence of a difference, [0.93 0.74 1.17].
There was no evidence of a higher rate with natalizumab, [0.93 0.74 1.17].
The difference was not significant, [0.77 0.55 1.08].
The rate was not significantly lower with natalizumab, [0.77 0.55 1.08].
The ratio of [0.93 0.74 1.17] is compatible with a rate a quarter lower and with one a sixth higher under natalizumab.
The risk may be higher with natalizumab, [1.20 0.90 1.60].
If the rate were similar, the ratio of [0.66 0.59 0.74] would be unlikely.
An increase by natalizumab cannot be excluded, [0.93 0.74 1.17].
The rate was not higher with natalizumab, [0.66 0.59 0.74].
The rate was 34% lower with natalizumab, [0.66 0.59 0.74].
The rate was about a third lower with natalizumab, [0.66 0.59 0.74].
The rate was reduced by 23% in the point estimate, though the interval includes 1, [0.77 0.55 1.08].
The rate was halved with natalizumab, [0.50 0.40 0.62].
The hazard was doubled with natalizumab, [2.05 1.50 2.80].
The hazard was 1.8 times as high with natalizumab, [1.80 1.20 2.70].
The lower limit of [0.93 0.74 1.17] is 0.74.
The lower limit, [0.66 0.59 0.74], is far from 1.
The ratio was [0.77 0.55 1.08]; it should not be read as evidence of no difference.
One registry found a lower rate with natalizumab, [0.66 0.59 0.74], and one was undecided, [0.93 0.74 1.17].
The rate ratio was [0.77 0.55 1.08].
The estimate of [0.77 0.55 1.08] has a higher weight.
Clinically significant relapses had a ratio of [0.77 0.55 1.08].
The common-effect result, [0.71 0.64 0.78], would be called significant.
Persons on natalizumab had fewer relapses than persons on fingolimod, [0.66 0.59 0.74].
Neither medicine is better: the rate was no higher with fingolimod, [1.50 1.20 1.90].
The mean difference was lower with natalizumab, [-1.2 -2.0 -0.4 difference].
The risk was significantly increased with natalizumab, [1.80 1.20 2.70].
No increase was found with natalizumab, [0.66 0.59 0.74].
The sensitivity analysis gave a similar result, [0.66 0.59 0.74].
The estimate with a lag of one year was comparable, [0.66 0.59 0.74].
With the truncated interval the result was similar, [0.66 0.59 0.74].
The pooled ratio of [0.66 0.59 0.74] was higher than that of the largest registry.
This is higher than the ratio of 0.55 in Sweden: [0.66 0.59 0.74].
After adjustment the ratio increased to [0.66 0.59 0.74].
Patients with higher disability had a ratio of [0.66 0.59 0.74].
The precision increased, [0.66 0.59 0.74].
A higher rate with natalizumab was not found, [0.66 0.59 0.74].
The ratio was [0.66 0.59 0.74], with no evidence of effect modification by age.
The interaction was not significant; the ratio was [0.66 0.59 0.74].
The interaction with age was not significant at a ratio of [0.66 0.59 0.74].
There was no significant heterogeneity around [0.66 0.59 0.74].
The hazard was lower in women, [0.66 0.59 0.74], than in the whole study.
The ratio is similar to that of the trial, [0.66 0.59 0.74].
The hazard of malignancy was [0.77 0.55 1.08]; this does not exclude a doubling of the risk.
Among starters of fingolimod the hazard was higher, [0.66 0.59 0.74].
"""

BREAKS = """
W01 | The rate was higher with natalizumab, [0.66 0.59 0.74].
W01 | The rate was lower with fingolimod than with natalizumab, [0.66 0.59 0.74].
W01 | The rate was lower with natalizumab, [1.80 1.20 2.70].
W01 | Natalizumab increased the rate of relapse, [0.66 0.59 0.74].
W01 | Fingolimod reduced the rate of relapse, [0.66 0.59 0.74].
W01 | Compared with natalizumab, the rate was reduced, [0.66 0.59 0.74].
W01 | Relapses were more frequent in persons on natalizumab, [0.66 0.59 0.74].
W01 | Persons on fingolimod had fewer relapses, [0.66 0.59 0.74].
W01 | The rates did not differ, [0.66 0.59 0.74].
W01 | There was no difference, [0.66 0.59 0.74].
W01 | The rates were similar, [1.80 1.20 2.70].
W01 | There was no evidence of a difference, [0.66 0.59 0.74].
W01 | There was no evidence of a lower rate with natalizumab, [0.66 0.59 0.74].
W01 | The difference was not significant, [0.66 0.59 0.74].
W01 | The rate was not lower with natalizumab, [0.66 0.59 0.74].
W01 | The hazard was not increased with natalizumab, [1.80 1.20 2.70].
W01 | No increase was found, [1.80 1.20 2.70].
W01 | Numerically the rate was higher with natalizumab, [0.77 0.55 1.08].
W01 | The risk difference was lower with fingolimod, [-1.2 -2.0 -0.4 difference].
W02 | The rate was lower with natalizumab, [0.77 0.55 1.08].
W02 | Natalizumab reduced the rate of relapse, [0.77 0.55 1.08].
W02 | The rate was higher with fingolimod, [0.77 0.55 1.08].
W02 | The difference was statistically significant, [0.77 0.55 1.08].
W02 | The rate was significantly lower with natalizumab, [0.77 0.55 1.08].
W02 | Natalizumab was superior, [0.77 0.55 1.08].
W02 | Natalizumab was non-inferior to fingolimod, [0.93 0.74 1.17].
W02 | The hazard was raised with natalizumab, [1.20 0.90 1.60].
W03 | The rates were similar, [0.93 0.74 1.17].
W03 | The rates were comparable between natalizumab and fingolimod, [0.93 0.74 1.17].
W03 | There was no difference between natalizumab and fingolimod, [0.93 0.74 1.17].
W03 | The rates did not differ, [0.93 0.74 1.17].
W03 | The rate was not higher with natalizumab, [1.10 0.70 1.73].
W03 | Natalizumab had no effect on the rate, [0.93 0.74 1.17].
W03 | No increase was found with natalizumab, [1.10 0.70 1.73].
W04 | The rate was 25% lower with natalizumab, [0.66 0.59 0.74].
W04 | The rate was reduced by 66%, [0.66 0.59 0.74].
W04 | The rate was halved with natalizumab, [0.66 0.59 0.74].
W04 | The hazard was doubled with natalizumab, [1.40 1.20 1.63].
W04 | The rate was a quarter lower with natalizumab, [0.50 0.40 0.62].
W04 | The hazard was 2.5 times as high with natalizumab, [1.80 1.20 2.70].
W01 W04 | The rate was 34% higher with natalizumab, [0.66 0.59 0.74].
W01 | A higher rate with natalizumab was not found, [1.80 1.20 2.70].
W01 | Relapses were more common after natalizumab than after fingolimod, [0.66 0.59 0.74].
W01 | Among starters of fingolimod the hazard was lower, [0.66 0.59 0.74].
W01 | There was no evidence of an increased risk with natalizumab, [1.80 1.20 2.70].
W01 | The risk was unchanged, [1.80 1.20 2.70].
W02 | The increased hazard with natalizumab was [1.20 0.90 1.60].
W03 | The hazard was no higher with natalizumab, [1.10 0.70 1.73].
W01 | One registry found no difference, [0.66 0.59 0.74], and one a lower rate with natalizumab, [0.93 0.50 0.98].
"""


@pytest.mark.parametrize("text", HOLDS.strip().splitlines())
def test_what_the_number_bears_out_is_left_alone(text: str, words: ClaimWords) -> None:
    assert judged(text, words, Wording()) == ""


@pytest.mark.parametrize("line", BREAKS.strip().splitlines())
def test_what_the_number_does_not_bear_out_is_found(line: str, words: ClaimWords) -> None:
    rules, text = line.split(" | ", 1)
    assert judged(text, words, Wording()) == rules


@pytest.mark.parametrize(
    ("wording", "text", "rules"),
    [
        (Wording(similar=(0.8, 1.25)), "The rates were similar, [1.02 0.90 1.16].", ""),
        (Wording(similar=(0.8, 1.25)), "The rates were similar, [0.93 0.74 1.17].", "W03"),
        (Wording(similar=(0.8, 1.25)), "The rate was not higher with natalizumab, [0.98 0.80 1.20].", ""),
        (Wording(similar=(0.8, 1.25)), "The rates were similar, [0.85 0.81 0.90].", "W01"),
        (Wording(direction="estimate"), "The rate was lower with natalizumab, [0.77 0.55 1.08].", ""),
        (Wording(direction="estimate"), "The rate was higher with natalizumab, [0.77 0.55 1.08].", "W01"),
        (Wording(non_inferior=1.3), "Natalizumab was non-inferior, [0.93 0.74 1.17].", ""),
        (Wording(non_inferior=1.1), "Natalizumab was non-inferior, [0.93 0.74 1.17].", "W02"),
    ],
)
def test_the_plan_lays_down_what_words_mean(wording: Wording, text: str, rules: str, words: ClaimWords) -> None:
    assert judged(text, words, wording) == rules


ORIGIN = Origin("typed")
FEW: dict[str, Result] = {
    "main.i_squared": Quantity("main.i_squared", 71.0, "percent", "reported", ORIGIN),
    "main.q_p": Quantity("main.q_p", 0.4, "p_value", "reported", ORIGIN),
    "deaths.estimate": Estimate("deaths.estimate", "proportion", 0.031, 0.02, 0.05, 0.95, "exact", "reported", ORIGIN),
}


@pytest.mark.parametrize(
    ("text", "shown", "rule"),
    [
        ("Heterogeneity was substantial heterogeneity (71%).", "main.i_squared", ""),
        ("There was considerable heterogeneity (71%).", "main.i_squared", "W05"),
        ("There was low heterogeneity (71%).", "main.i_squared", "W05"),
        ("The registries were homogeneous (p 0.4).", "main.q_p", "W05"),
        ("The results are consistent across the registries (p 0.4).", "main.q_p", "W05"),
        ("The registries were not homogeneous (p 0.4).", "main.q_p", ""),
        ("Most patients died (3.1%).", "deaths.estimate", "W06"),
        ("A minority died (3.1%).", "deaths.estimate", ""),
        ("Death was rare (3.1%).", "deaths.estimate", "W06"),
    ],
)
def test_words_on_heterogeneity_and_shares(text: str, shown: str, rule: str, words: ClaimWords) -> None:
    sentence = Sentence(text, (Shown(shown, len(text) - 3, len(text) - 1),))
    assert {each.rule for each in other_verdicts(sentence, FEW, words)} == ({rule} if rule else set())


def test_every_finding_says_what_to_do(words: ClaimWords) -> None:
    for line in BREAKS.strip().splitlines():
        sentence, known = read(line.split(" | ", 1)[1])
        assert all(each.remedy and "“" in each.what for each in verdicts(sentence, known, Standard(words, Wording())))
