"""How deliveries are found and read: folders and ZIPs give the same, what cannot be read is named, states stay apart."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from studygen.aggregates.contract import RowKey
from studygen.aggregates.intake import load_deliveries
from studygen.aggregates.manifest import read_manifest
from studygen.aggregates.table import read_rows
from studygen.errors import DeliveryError
from studygen.network.network import Network
from studygen.study.loading import load_study
from studygen.study.study import Study

HEADER = "analysis,group,variable,level,stratum,time,statistic,value,state\n"
EXAMPLES = Path(__file__).resolve().parent / "example"


def zipped(folder: Path, registry: str) -> Path:
    """Puts a registry's folder into a ZIP in its place."""
    source = folder / "deliveries" / registry
    archive = source.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("manifest.json", "aggregates.csv"):
            file.write(source / name, name)
    shutil.rmtree(source)
    return archive


def faults(study: Study, network: Network, folder: Path) -> list[str]:
    with pytest.raises(DeliveryError) as caught:
        load_deliveries(study, network, folder)
    return [fault.what for fault in caught.value.faults]


def test_a_study_without_deliveries_has_none(study: Study, network: Network, tmp_path: Path) -> None:
    assert len(load_deliveries(study, network, tmp_path)) == 0


def test_deliveries_come_in_the_plans_order_with_their_hash(study: Study, network: Network, folder: Path) -> None:
    deliveries = load_deliveries(study, network, folder)
    assert list(deliveries) == ["dk_dmsr", "se_smsreg", "it_rism"]
    danish = deliveries["dk_dmsr"]
    assert danish.file == "deliveries/dk_dmsr/aggregates.csv"
    assert danish.sha256 == hashlib.sha256((folder / danish.file).read_bytes()).hexdigest()


def test_a_row_keeps_its_line_its_state_and_the_decimals_that_were_written(study: Study, network: Network, folder: Path) -> None:
    rows = load_deliveries(study, network, folder)["dk_dmsr"].rows
    estimate = next(row for row in rows if row.key.analysis == "infection_ratio" and row.statistic == "estimate")
    assert (estimate.line, estimate.value, estimate.decimals, estimate.state) == (9, 1.3, 2, "reported")
    assert estimate.key == RowKey("infection_ratio", "a:b", "serious_infection")
    male = next(row for row in rows if row.key.stratum == "sex=male")
    assert (male.value, male.state) == (None, "not_estimable")


def test_zero_and_not_collected_are_different_facts(study: Study, network: Network, folder: Path) -> None:
    rows = load_deliveries(study, network, folder)["se_smsreg"].rows
    states = {(row.statistic, row.value, row.state) for row in rows}
    assert ("events", 0.0, "reported") in states
    assert ("estimate", None, "not_collected") in states


def test_a_zip_gives_what_its_folder_gives(study: Study, network: Network, folder: Path) -> None:
    before = load_deliveries(study, network, folder)["dk_dmsr"]
    zipped(folder, "dk_dmsr")
    after = load_deliveries(study, network, folder)["dk_dmsr"]
    assert after.rows == before.rows
    assert after.sha256 == before.sha256
    assert after.file == "deliveries/dk_dmsr.zip/aggregates.csv"


def test_a_broken_zip_is_named(study: Study, network: Network, folder: Path) -> None:
    archive = zipped(folder, "dk_dmsr")
    archive.write_bytes(archive.read_bytes()[:200])
    assert "the ZIP cannot be read" in faults(study, network, folder)[0]


def test_a_zip_beside_its_folder_is_named(study: Study, network: Network, folder: Path) -> None:
    with zipfile.ZipFile(folder / "deliveries" / "dk_dmsr.zip", "w") as file:
        file.writestr("manifest.json", "{}")
    assert "there is both a folder and a ZIP" in faults(study, network, folder)


def test_a_zip_with_folders_inside_says_what_it_lacks(study: Study, network: Network, folder: Path) -> None:
    source = folder / "deliveries" / "dk_dmsr"
    with zipfile.ZipFile(source.with_suffix(".zip"), "w") as file:
        for name in ("manifest.json", "aggregates.csv"):
            file.write(source / name, f"dk_dmsr/{name}")
    shutil.rmtree(source)
    assert "the file is missing" in faults(study, network, folder)


def test_a_file_that_is_no_delivery_is_named(study: Study, network: Network, folder: Path) -> None:
    (folder / "deliveries" / "dk_dmsr.csv").write_text(HEADER, encoding="utf-8")
    assert "there is both a folder and a ZIP" in faults(study, network, folder)


def test_a_byte_order_mark_is_no_fault() -> None:
    rows, found = read_rows(b"\xef\xbb\xbf" + (HEADER + "deaths,all,death,,overall,,events,13,reported\n").encode(), "f")
    assert (len(rows), found) == (1, ())


def test_windows_line_ends_and_blank_lines_keep_the_lines_right() -> None:
    text = HEADER + "\r\n\r\ndeaths,all,death,,overall,,events,13,reported\r\n\r\n"
    rows, found = read_rows(text.encode(), "f")
    assert (rows[0].line, found) == (4, ())


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (HEADER.encode("utf-16"), "not UTF-8"),
        ((HEADER + "deaths,all,død,,overall,,events,13,reported\n").encode("latin-1"), "not UTF-8"),
        (HEADER.replace(",", "\t").encode(), "separated by tabs"),
        (b"", "the file is empty"),
        ((HEADER + 'deaths,all,"death,,overall,,events,13,reported\n').encode(), "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_how_to_save_it(content: bytes, what: str) -> None:
    rows, found = read_rows(content, "f")
    assert rows == ()
    assert what in found[0].what
    assert found[0].remedy


def test_every_unreadable_cell_is_named_at_once() -> None:
    text = HEADER + "d,all,x,,overall,soon,events,NA,reported\nd,all,x,,overall,,evnts,1e,given\n"
    _, found = read_rows(text.encode(), "f")
    assert [fault.place.line for fault in found] == [2, 2, 3, 3, 3]


@pytest.mark.parametrize("registry", ["dk_dmsr", "it_musc19"])
def test_the_example_deliveries_have_the_form_of_the_contract(registry: str) -> None:
    content = (EXAMPLES / registry / "aggregates.csv").read_bytes()
    manifest, manifest_faults = read_manifest((EXAMPLES / registry / "manifest.json").read_bytes(), "manifest.json")
    rows, row_faults = read_rows(content, "aggregates.csv")
    assert (manifest_faults, row_faults) == ((), ())
    assert manifest is not None
    assert manifest.files["aggregates.csv"] == hashlib.sha256(content).hexdigest()
    assert rows


def test_published_counts_below_the_threshold_are_taken(study: Study, network: Network, folder: Path) -> None:
    published = study.model_copy(
        update={
            "evidence": "published",
            "participation": tuple(
                x.model_copy(update={"decision": "published_results" if x.registry == "it_rism" else "declined"})
                for x in study.participation
            ),
        }
    )
    for registry in ("dk_dmsr", "se_smsreg"):
        shutil.rmtree(folder / "deliveries" / registry)
    own = folder / "deliveries" / "it_rism"
    text = (own / "aggregates.csv").read_text(encoding="utf-8").replace("events,13", "events,3")
    (own / "aggregates.csv").write_text(text, encoding="utf-8")
    manifest = json.loads((own / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"nature": "published", "source": {"citation_key": "a-paper"}, "small_cell_threshold": 1}
    manifest["files"] = {"aggregates.csv": hashlib.sha256(text.encode()).hexdigest()}
    (own / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    deliveries = load_deliveries(published, network, folder)
    assert deliveries["it_rism"].rows[0].value == 3


def test_life_tables_and_balance_that_add_up_are_taken_in(folder: Path, network: Network) -> None:
    file = folder / "deliveries" / "dk_dmsr" / "aggregates.csv"
    stem = "infection_rate,a,serious_infection,,overall"
    rows = [
        *(f"{stem},365,{name},{n},reported" for name, n in (("at_risk", 2000), ("events", 20), ("censored", 100))),
        *(f"{stem},730,{name},{n},reported" for name, n in (("at_risk", 1880), ("events", 0), ("censored", 80))),
        "baseline,a:b,sex,,overall,,smd,-0.12,reported",
        "baseline,a:b,sex,,overall,,smd_weighted,0.01,reported",
    ]
    file.write_text(file.read_text(encoding="utf-8") + "\n".join(rows) + "\n", encoding="utf-8")
    manifest = json.loads((file.parent / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["aggregates.csv"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (file.parent / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    study = load_study(folder, [registry.id for registry in network.registries])
    taken = load_deliveries(study, network, folder)["dk_dmsr"].rows
    assert [row.key.time for row in taken if row.statistic == "at_risk"] == [365, 730]
    assert [row.value for row in taken if row.statistic.startswith("smd")] == [-0.12, 0.01]
