"""States that a reader must see: a dry run with dummy numbers, an interim report, a redacted public version. Each is marked on
every page of every format and in the properties of the file, and none can be taken for another."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import html as lxml_html

from studygen.document.nodes import Document, Figure, Heading, Paragraph, Row, Table, plain_text, walk
from studygen.document.redacting import EMAIL, TELEPHONE
from studygen.errors import DeliveryError, TemplateError
from studygen.pipeline.building import Outcome, build
from studygen.pipeline.composing import compose
from studygen.pipeline.loading import documents_of, load
from studygen.pipeline.publishing import load_public
from studygen.pipeline.rehearsal import rehearse, seed_of
from studygen.results.findings import Estimate

PROTOCOLS = Path(__file__).resolve().parents[2] / "protocols"
PLANNED, REPORTED = "cladribine-s1p-pass", "natalizumab-fingolimod-paes"
DRY_RUN = "DRY RUN – dummy numbers, not results"


def text_of(document: Document) -> str:
    nodes = list(walk((document.front, document.body)))
    notes = [note for node in nodes if isinstance(node, Table | Figure) for note in node.notes]
    return "\n".join([*(plain_text(node.children) for node in nodes if hasattr(node, "children")), *map(plain_text, notes)])


def pages_of(pdf: Path) -> list[str]:
    run = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return run.stdout.split("\f")[:-1]


def properties_of(pdf: Path) -> str:
    return subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout


def parts_of(docx: Path) -> dict[str, str]:
    """The XML of a Word file by part; runs of one paragraph joined, so that text can be searched."""
    with zipfile.ZipFile(io.BytesIO(docx.read_bytes())) as archive:
        return {
            name: re.sub(r"<[^>]+>", "", archive.read(name).decode("utf-8").replace("</w:p>", "\n"))
            for name in archive.namelist()
            if name.endswith(".xml")
        }


def assert_marked(outcome: Outcome, mark: str) -> None:
    """The mark stands on every page of the PDF, in every header of the Word file, in the bar and the print styles of the HTML,
    and in the properties of each."""
    paths = {built.format: built.path for built in outcome.files}
    pages = pages_of(paths["pdf"])
    assert pages
    assert [number for number, page in enumerate(pages, start=1) if mark not in " ".join(page.split())] == []
    assert mark in properties_of(paths["pdf"])
    parts = parts_of(paths["docx"])
    headers = [text for name, text in parts.items() if name.startswith("word/header")]
    assert headers
    assert all(mark in text for text in headers)
    assert mark in parts["docProps/core.xml"]
    page = lxml_html.fromstring(paths["html"].read_bytes())
    assert mark in page.xpath("string(//header[@class='bar']/p[@class='marks'])")
    assert mark in page.xpath("string(//meta[@name='description']/@content)")
    assert mark in re.search(r"@page \{ @top-center \{ content: \"([^\"]*)\"", page.xpath("string(//style)"))[1]  # type: ignore[index]


# ------------------------------------------------------------------ dry run


@pytest.fixture(scope="module")
def dry_run(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The dry-run report of a study whose published results exist already."""
    output = tmp_path_factory.mktemp("dry-run")
    return build(PROTOCOLS / REPORTED, output, ("report",), workers=1, edition="dry_run")


def test_a_dry_run_is_marked_everywhere(dry_run: Outcome) -> None:
    assert_marked(dry_run, DRY_RUN)


def test_the_files_of_a_dry_run_cannot_be_taken_for_others(dry_run: Outcome) -> None:
    assert {built.path.parent.name for built in dry_run.files} == {"dry-run"}
    assert all(built.path.name.startswith("dry-run-report.") for built in dry_run.files)
    pdf = next(built.path for built in dry_run.files if built.format == "pdf")
    assert "Dry run: Final study report" in properties_of(pdf)
    assert "BMSD-PAES-EX2-REP-DRY-RUN" in pages_of(pdf)[0]


def test_a_second_dry_run_finds_nothing_to_do(dry_run: Outcome) -> None:
    output = dry_run.files[0].path.parents[2]
    again = build(PROTOCOLS / REPORTED, output, ("report",), workers=1, edition="dry_run")
    assert {(built.path, built.written) for built in again.files} == {(built.path, False) for built in dry_run.files}


def test_a_dry_run_shows_no_real_result(dry_run: Outcome) -> None:
    # The published relapse rate ratios of the two registries and their pool.
    path = next(built.path for built in dry_run.files if built.format == "trace.json")
    shown = {text for entry in json.loads(path.read_text(encoding="utf-8"))["results"] for text in entry["texts"]}
    assert shown
    assert shown & {"0.93 (0.74–1.17)", "0.66 (0.59–0.74)", "0.77 (0.55–1.08)"} == set()


def test_the_real_deliveries_are_not_read(tmp_path: Path) -> None:
    study = shutil.copytree(PROTOCOLS / REPORTED, tmp_path / REPORTED)
    (study / "deliveries/dk_dmsr/aggregates.csv").write_text("not a delivery", encoding="utf-8")
    with pytest.raises(DeliveryError):
        load(study)
    assert rehearse(study).results


@pytest.mark.parametrize("study", [PLANNED, REPORTED, "covid19-mortality-ms"])
def test_dummy_deliveries_pass_the_intake_and_are_the_same_each_time(study: str) -> None:
    first, second = rehearse(PROTOCOLS / study), rehearse(PROTOCOLS / study)
    assert first.results is not None
    assert first.deliveries.registries == tuple(each.registry for each in first.study.contributors)
    assert {delivery.manifest.nature for delivery in first.deliveries.values()} == {"simulated"}
    assert [x.sha256 for x in first.deliveries.values()] == [x.sha256 for x in second.deliveries.values()]


def test_the_seed_follows_the_definition(tmp_path: Path) -> None:
    study = shutil.copytree(PROTOCOLS / PLANNED, tmp_path / PLANNED)
    assert seed_of(study) == seed_of(PROTOCOLS / PLANNED) == rehearse(study).edition.seed
    definition = study / "study.yaml"
    definition.write_text(definition.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert seed_of(study) != seed_of(PROTOCOLS / PLANNED)


def test_nothing_is_written_into_the_study(tmp_path: Path) -> None:
    study = shutil.copytree(PROTOCOLS / PLANNED, tmp_path / PLANNED)
    before = sorted(study.rglob("*"))
    rehearse(study)
    assert sorted(study.rglob("*")) == before


def test_dummies_follow_the_plan_and_the_small_cell_rule() -> None:
    loaded = rehearse(PROTOCOLS / PLANNED)
    states = {row.state for delivery in loaded.deliveries.values() for row in delivery.rows}
    assert {"reported", "suppressed"} <= states
    for registry, delivery in loaded.deliveries.items():
        threshold = 11 if registry == "fr_ofsep" else 5
        assert delivery.manifest.small_cell_threshold == threshold
        counts = [row.value for row in delivery.rows if row.statistic in ("n", "events", "missing") and row.value is not None]
        assert not [count for count in counts if 0 < count < threshold]
    # The plan assumes 4000 persons per group; the registries' shares are drawn, so that the sum differs a little.
    rows = [
        row
        for x in loaded.deliveries.values()
        for row in x.rows
        if (row.key.analysis, row.key.variable) == ("baseline", "persons")
    ]
    for group in ("cladribine_tablets", "s1p_modulators"):
        assert 2500 < sum(row.value or 0 for row in rows if row.key.group == group) < 6000
    assert loaded.results is not None
    ratios = [r for id, r in loaded.results.items() if re.fullmatch(r"malignancy_hr\.\w+\.estimate", id)]
    assert len({r.value for r in ratios if isinstance(r, Estimate)}) > 1, "registries differ"


@pytest.fixture(scope="module")
def rehearsed() -> dict[str, Document]:
    """The dry run of a study without report, narrative and evidence."""
    loaded = rehearse(PROTOCOLS / PLANNED)
    return compose(loaded, documents_of(loaded))


def test_a_study_without_report_and_evidence_gets_all_three_documents(rehearsed: dict[str, Document]) -> None:
    assert list(rehearsed)[:3] == ["protocol", "sap", "report"]
    assert "reporting-checklists" in rehearsed, "what is about the report comes with it"
    assert all(document.meta.marks[0] == DRY_RUN for document in rehearsed.values())
    assert all(document.meta.reference.endswith("-DRY-RUN") for document in rehearsed.values())


def test_an_analysis_may_be_shown_for_everybody_together(tmp_path: Path) -> None:
    study = Path(shutil.copytree(PROTOCOLS / PLANNED, tmp_path / PLANNED))
    shutil.copytree(PROTOCOLS / "network", tmp_path / "network")
    definition = study / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    assert text.count("groups: *groups") > 2
    definition.write_text(text.replace("groups: *groups", "groups: [all]"), encoding="utf-8")
    loaded = rehearse(study)
    documents = compose(loaded, ["protocol", "sap", "report"])
    analysis = next(each for each in loaded.study.analyses if each.groups == ("all",))
    assert loaded.results is not None
    assert any(id.startswith(f"{analysis.id}.") for id in loaded.results)
    said = loaded.study.outcome(analysis.outcome).label
    assert re.search(rf"shows the [\w ]+ of {re.escape(said)} for each", text_of(documents["report"]))


def test_the_report_says_that_its_texts_come_later(rehearsed: dict[str, Document]) -> None:
    text = text_of(rehearsed["report"])
    assert text.count("is written when results exist") >= 5
    assert "A conclusion is written when results exist." in text
    assert f"seed {seed_of(PROTOCOLS / PLANNED)}" in text


def test_protocol_and_plan_of_a_dry_run_keep_the_registries_decisions(rehearsed: dict[str, Document]) -> None:
    for name in ("protocol", "sap"):
        assert "None has decided yet." in text_of(rehearsed[name])
    assert "None has decided yet." not in text_of(rehearsed["report"])
    assert "Assumed for the dry run" in text_of(rehearsed["report"])


# ------------------------------------------------------------------ interim report


def interim(folder: Path, cut_off: str = "2026-06-30") -> Path:
    study = shutil.copytree(PROTOCOLS / REPORTED, folder / REPORTED)
    definition = study / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    old = 'version: "1.0", date: 2026-11-23, status: final, author: principal_investigator}'
    added = f"interim: {{cut_off: {cut_off}, label: Interim report 2}}"
    assert old in text
    new = f'version: "0.5", date: 2026-11-23, status: draft, author: principal_investigator, {added}}}'
    assert "\nstatus: finalised\n" in text
    text = text.replace(old, new).replace("\nstatus: finalised\n", "\nstatus: ongoing\n")
    definition.write_text(text, encoding="utf-8")
    return study


def test_an_interim_report_says_so_on_every_page_and_in_its_title(tmp_path: Path) -> None:
    outcome = build(interim(tmp_path), tmp_path / "output", ("report",), workers=1)
    mark = "Interim report 2, data cut-off 30 June 2026"
    assert_marked(outcome, mark)
    path = {built.format: built.path for built in outcome.files}["pdf"]
    assert "Interim study report: Interim report 2: " in properties_of(path)
    first = " ".join(pages_of(path)[0].split())
    assert "Final study report" not in first
    assert "all numbers are provisional" in first


def test_the_protocol_beside_an_interim_report_is_no_interim_report(tmp_path: Path) -> None:
    documents = compose(load(interim(tmp_path)), ["protocol", "report"])
    assert not [mark for mark in documents["protocol"].meta.marks if "Interim" in mark]
    assert documents["report"].meta.marks[:2] == ("Interim report 2, data cut-off 30 June 2026", "Draft")


# ------------------------------------------------------------------ public version

SECRETS = {
    "name": "Dr. Ada Q. Lovelace",
    "contact": "ada@registry.example.org, +45 35 45 67 89",
    "holder contact": "Head of Safety, safety@holder.example.com",
    "sentence": "sold 31 415 packs",
    "paragraph": "The price agreed with the payer was 271 euro.",
    "free e-mail": "helpdesk@registry.example.org",
    "free telephone": "+46 8 517 700 00",
}


HOLDER = """holder:
  not_applicable: |
    The study is an illustrative example made from public sources without a marketing authorisation holder.
"""


def confidential_study(folder: Path) -> Path:
    """The example with a person, contacts, an address in a text, and two confidential passages."""
    study = shutil.copytree(PROTOCOLS / REPORTED, folder / REPORTED)
    definition = study / "study.yaml"
    text = definition.read_text(encoding="utf-8")
    for old, new in (
        (
            "    name: Principal investigator, coordination centre\n",
            f'    name: "{SECRETS["name"]}"\n    contact: "{SECRETS["contact"]}"\n',
        ),
        (
            HOLDER,
            f'holder:\n  - name: Example Pharma\n    address: Main Street 1\n    contact: "{SECRETS["holder contact"]}"\n',
        ),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    definition.write_text(text, encoding="utf-8")
    gap = study / "text" / "gap.md"
    gap.write_text(
        gap.read_text(encoding="utf-8")
        + "\n\nThe company "
        + f'{{% confidential "commercially confidential" %}}{SECRETS["sentence"]}{{% endconfidential %}} last year, '
        + f"as {SECRETS['name']} has said (ask {SECRETS['free e-mail']} or {SECRETS['free telephone']}).\n\n"
        + f'{{% confidential "contract" %}}\n{SECRETS["paragraph"]}\n\nAnd {SECRETS["sentence"]} more.\n'
        + "{% endconfidential %}\n\n"
        + "The last paragraph stays.\n",
        encoding="utf-8",
    )
    return study


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("public")
    return build(confidential_study(folder), folder / "output", ("protocol",), workers=1, edition="public")


def test_a_public_version_holds_none_of_what_was_redacted(public: Outcome) -> None:
    hidden = [*SECRETS.values(), "Lovelace", "Head of Safety"]
    for built in public.files:
        if built.format == "pdf":
            text = "\n".join(pages_of(built.path)) + properties_of(built.path)
        elif built.format == "docx":
            text = "\n".join(parts_of(built.path).values())
        else:
            text = built.path.read_text(encoding="utf-8")
        flat = " ".join(text.split())
        assert [secret for secret in hidden if secret in flat] == [], built.path.name
        # Fonts, drawings and styles in the HTML hold long runs of letters and digits.
        prose = re.sub(r"base64,[A-Za-z0-9+/=]+|<style>.*?</style>|<script>.*?</script>", "", text, flags=re.DOTALL)
        assert EMAIL.findall(prose) == [], built.path.name
        assert [match[0] for match in TELEPHONE.finditer(prose)] == [], built.path.name


def test_the_full_version_holds_them(tmp_path: Path) -> None:
    protocol = compose(load(confidential_study(tmp_path)), ["protocol"])["protocol"]
    text = text_of(protocol)
    assert [secret for secret in SECRETS.values() if secret not in text] == []
    assert protocol.meta.author.startswith(SECRETS["name"])


def test_a_public_version_is_marked_everywhere(public: Outcome) -> None:
    assert_marked(public, "Public version, redacted")
    assert {built.path.name for built in public.files} == {"public-protocol.pdf", "public-protocol.docx", "public-protocol.html"}
    assert {built.path.parent.name for built in public.files} == {"public"}


def test_a_mark_stands_in_the_place_of_each_and_the_rest_stays(public: Outcome) -> None:
    path = next(built.path for built in public.files if built.format == "html")
    text = " ".join(lxml_html.fromstring(path.read_bytes()).xpath("string(//main)").split())
    assert "The company [redacted: commercially confidential] last year, as [redacted: personal data, name] has said" in text
    assert "(ask [redacted: personal data, e-mail address] or [redacted: personal data, telephone number])." in text
    assert "[redacted: contract]" in text
    assert "The last paragraph stays." in text
    author = properties_of(next(built.path for built in public.files if built.format == "pdf"))
    assert re.search(r"Author: +\[redacted: personal data, name\], Big Multiple Sclerosis Data network", author)


def listed(document: Document) -> list[tuple[str, ...]]:
    table = next(node for node in walk(document.body) if isinstance(node, Table) and node.id == "tbl-redactions")
    rows = [node for node in walk(table.body) if isinstance(node, Row)]
    return [
        tuple(" / ".join(plain_text(p.children) for p in walk(cell) if isinstance(p, Paragraph)) for cell in row.cells)
        for row in rows
    ]


def test_the_last_annex_lists_what_was_left_out_where_and_why(tmp_path: Path) -> None:
    document = compose(load_public(confidential_study(tmp_path)), ["protocol"])["protocol"]
    annex = [node for node in document.body if isinstance(node, Heading) and node.level == 1][-1]
    assert (annex.number, plain_text(annex.children)) == ("Annex 4", "Redactions in this version")
    found = [row[1:] for row in listed(document)]
    assert ("Properties of the file (author)", "Name of a person", "Personal data, name", "1") in found
    assert ("Title page", "Contact", "Personal data, contact", "2") in found or (
        "Title page",
        "Contact",
        "Personal data, contact",
        "1",
    ) in found
    assert any(row[1:3] == ("Passage of text", "Contract") for row in found)
    passage = next(row for row in found if row[2] == "Commercially confidential")
    assert passage[0].startswith("7.")
    parties = [row for row in found if "Table" in row[0] and row[1] == "Name of a person"]
    assert parties
    text = text_of(document)
    counted = len(re.findall(r"\[redacted: ", text))
    assert counted == sum(int(row[3]) for row in found) - 1, "every mark in the text is in the list, and no other"


def test_the_annex_of_a_plan_without_annexes_is_its_first(tmp_path: Path) -> None:
    document = compose(load_public(confidential_study(tmp_path)), ["sap"])["sap"]
    assert [node.number for node in document.body if isinstance(node, Heading) and node.kind == "annex"] == ["Annex 1"]


def test_a_name_that_formatting_divides_stops_the_publication(tmp_path: Path) -> None:
    study = confidential_study(tmp_path)
    gap = study / "text" / "gap.md"
    gap.write_text(gap.read_text(encoding="utf-8") + "\nDr. Ada Q. *Lovelace* said so.\n", encoding="utf-8")
    with pytest.raises(TemplateError, match="still readable"):
        compose(load_public(study), ["protocol"])


def test_a_regular_build_does_not_touch_the_other_editions(public: Outcome) -> None:
    output = public.files[0].path.parents[2]
    study = output.parent / REPORTED
    before = {built.path: built.path.read_bytes() for built in public.files}
    build(study, output, ("protocol",), ("html",), workers=1)
    assert {path: path.read_bytes() for path in before} == before


def test_a_dry_run_cannot_be_published() -> None:
    command = [sys.executable, "-m", "studygen.cli", "build", str(PROTOCOLS / REPORTED), "--dry-run", "--public"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "a dry run is not published" in " ".join(done.stderr.replace("│", " ").split())


def test_an_interim_report_does_not_wait_for_every_registry(tmp_path: Path) -> None:
    study = interim(tmp_path)
    shutil.rmtree(study / "deliveries" / "msbase")
    assert load(study).deliveries.registries == ("dk_dmsr",)
