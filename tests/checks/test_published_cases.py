"""Inconsistencies and disclosures that stand in print are found when the same numbers come as a delivery.

Sources: Observational programme of natalizumab, table 3, doi 10.1136/jnnp-2019-322326 (person-years of the periods, intervals
called exact); interim rates of cladribine and fingolimod, doi 10.1080/03007995.2023.2256220 (rates with intervals, no counts)."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from studygen.checks.disclosure_rules import rates_do_not_give_counts_away
from studygen.checks.evidence_rules import intervals_are_what_they_are_called, parts_add_up_to_the_whole
from studygen.checks.subject import Rule, Subject
from studygen.errors import DeliveryError, Fault
from studygen.pipeline.loading import load

STUDIES = Path(__file__).parent / "studies"
HEAD = "analysis,group,variable,level,stratum,time,statistic,value,state"

NATALIZUMAB = [
    # outcome, period (empty: overall), events, person-years, rate and limits per 1000 person-years
    ("infection", "up to three years", 10, "15773.19", "0.634", "0.341", "1.178"),
    ("infection", "more than three years", 1, "10233.77", "0.098", "0.014", "0.694"),
    ("infection", "", 11, "26060.25", "0.422", "0.234", "0.762"),
    ("pml", "up to three years", 17, "15773.19", "1.078", "0.670", "1.734"),
    ("pml", "more than three years", 36, "10233.77", "3.518", "2.537", "4.877"),
    ("pml", "", 53, "26060.25", "2.034", "1.554", "2.662"),
    ("malignancy", "up to three years", 35, "15773.19", "2.219", "1.593", "3.090"),
    ("malignancy", "more than three years", 28, "10233.77", "2.736", "1.889", "3.963"),
    ("malignancy", "", 63, "26060.25", "2.417", "1.889", "3.095"),
]

CLADRIBINE = [
    # outcome, group, rate and limits per 1000 person-years, the count that was not printed
    ("infection", "cladribine", "7.37", "2.76", "19.6", 4),
    ("infection", "fingolimod", "6.55", "2.46", "17.4", 4),
    ("zoster", "cladribine", "5.51", "1.78", "17.1", 3),
    ("zoster", "fingolimod", "3.27", "0.82", "13.1", 2),
    ("opportunistic", "cladribine", "0", "0", "6.76", 0),
    ("opportunistic", "fingolimod", "1.63", "0.23", "11.6", 1),
    ("lymphopenia", "cladribine", "63.9", "40.7", "100.1", 19),
    ("malignancy", "cladribine", "3.55", "1.59", "7.90", 6),
    ("malignancy", "fingolimod", "3.55", "1.48", "8.52", 5),
]


def per_year(rate: str) -> str:
    """A rate per 1000 person-years per one person-year, with no digit more or less."""
    whole, _, decimals = rate.partition(".")
    digits = (whole + decimals).zfill(len(decimals) + 4)
    places = len(decimals) + 3
    return f"{digits[:-places]}.{digits[-places:]}"


def studied(name: str, registry: str, rows: Sequence[str], tmp_path: Path) -> Path:
    """A copy of a base study whose registry sends these rows."""
    shutil.copytree(STUDIES / name, tmp_path / name)
    shutil.copytree(STUDIES / "network", tmp_path / "network")
    delivery = tmp_path / name / "deliveries" / registry
    content = "\n".join((HEAD, *rows)) + "\n"
    (delivery / "aggregates.csv").write_text(content, encoding="utf-8")
    manifest = json.loads((delivery / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["aggregates.csv"] = hashlib.sha256(content.encode()).hexdigest()
    (delivery / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path / name


def found(rule: Rule, study: Path) -> list[Fault]:
    loaded = load(study)
    return list(
        rule(Subject(loaded.written, study, loaded.network, loaded.deliveries, loaded.planned, loaded.results, study, {}))
    )


def line_of(fault: Fault, rows: Sequence[str]) -> str:
    assert fault.place.line is not None
    return (HEAD, *rows)[fault.place.line - 1]


def natalizumab_rows() -> list[str]:
    rows = []
    for outcome, period, events, years, *rates in NATALIZUMAB:
        analysis, stratum = (f"{outcome}_by_period", f"period={period}") if period else (f"{outcome}_rate", "overall")
        start = f"{analysis},natalizumab,{outcome},,{stratum},,"
        rows += [f"{start}events,{events},reported", f"{start}person_years,{years},reported"]
        names = ("estimate", "ci_lower", "ci_upper")
        rows += [f"{start}{name},{per_year(rate)},reported" for name, rate in zip(names, rates, strict=True)]
    return rows


def cladribine_rows(*, suppressed: bool) -> list[str]:
    rows = []
    for outcome, group, *rates, events in CLADRIBINE:
        start = f"{outcome}_rate,{group},{outcome},,overall,,"
        if suppressed and 0 < int(events) < 5:
            rows.append(f"{start}events,,suppressed")
        names = ("estimate", "ci_lower", "ci_upper")
        rows += [f"{start}{name},{per_year(str(rate))},reported" for name, rate in zip(names, rates, strict=True)]
    return [*rows, "lymphopenia_rate,fingolimod,lymphopenia,,overall,,estimate,,not_collected"]


def test_person_years_of_the_periods_do_not_add_up(tmp_path: Path) -> None:
    rows = natalizumab_rows()
    faults = found(parts_add_up_to_the_whole, studied("top-natalizumab", "top", rows, tmp_path))
    assert [line_of(fault, rows) for fault in faults] == [
        f"{outcome}_rate,natalizumab,{outcome},,overall,,person_years,26060.25,reported"
        for outcome in ("infection", "pml", "malignancy")
    ]
    assert all("26006.96" in fault.what and "26060.25" in fault.what for fault in faults)
    assert all("53.29 are in the one and not in the other" in fault.remedy for fault in faults)
    assert all(fault.place.file.endswith("deliveries/top/aggregates.csv") for fault in faults)


def test_intervals_called_exact_are_wald(tmp_path: Path) -> None:
    rows = natalizumab_rows()
    study = studied("top-natalizumab", "top", rows, tmp_path)
    definition = study / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    assert not found(intervals_are_what_they_are_called, study), "by its right name there is nothing wrong"
    definition.write_text(
        text.replace("Rates with Wald intervals on the log scale", "Rates with exact Poisson intervals"), "utf-8"
    )
    faults = found(intervals_are_what_they_are_called, study)
    assert len(faults) == len(NATALIZUMAB), "all nine printed intervals are Wald's"
    assert all(",ci_lower," in line_of(fault, rows) for fault in faults)
    assert all("called exact, but it is Wald" in fault.what for fault in faults)


def test_counts_that_were_not_printed_follow_from_rates_and_intervals(tmp_path: Path) -> None:
    rows = cladribine_rows(suppressed=False)
    faults = found(rates_do_not_give_counts_away, studied("clarion-interim", "clarion", rows, tmp_path))
    told = {line_of(fault, rows).split(",estimate")[0]: fault.what for fault in faults}
    small = {f"{o}_rate,{g},{o},,overall,": events for o, g, *_, events in CLADRIBINE if 0 < events < 5}
    assert told.keys() == small.keys()
    assert all(f": {events}, below the small-cell threshold" in told[key] for key, events in small.items())


def test_a_suppressed_count_beside_its_rate_is_refused_at_intake(tmp_path: Path) -> None:
    rows = cladribine_rows(suppressed=True)
    with pytest.raises(DeliveryError) as caught:
        load(studied("clarion-interim", "clarion", rows, tmp_path))
    lines = [line_of(fault, rows) for fault in caught.value.faults]
    small = [(o, g) for o, g, *_, events in CLADRIBINE if 0 < events < 5]
    assert {tuple(line.split(",")[2:0:-1]) for line in lines} == set(small)
    assert {fault.rule for fault in caught.value.faults} == {"R11"}
