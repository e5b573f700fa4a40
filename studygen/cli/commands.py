"""The commands: each reads its options, walks the pipeline, prints, and sets the exit code. Imports nothing heavy until a command
runs, so that `studygen --help` answers at once."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studygen.cli.folders import study_folder
from studygen.cli.printing import (
    CheckFormat,
    errors,
    explanation,
    print_error,
    print_report,
    print_reports,
    print_rules,
    progress,
    times,
)
from studygen.errors import Fault, Place, StudygenError

if TYPE_CHECKING:
    from studygen.pipeline.building import Outcome
    from studygen.pipeline.editions import EditionName
    from studygen.pipeline.submitting import Submitted

app = typer.Typer(
    name="studygen",
    help="One study definition and the registries' aggregates become protocol, analysis plan and report, as PDF, DOCX and HTML.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

StudyArgument = Annotated[Path, typer.Argument(metavar="STUDY", help="The study's folder, for example protocols/my-study.")]


class FormatName(StrEnum):
    pdf = "pdf"
    docx = "docx"
    html = "html"
    trace = "trace.json"


class PoolFormat(StrEnum):
    table = "table"
    json = "json"


class CommentsFormat(StrEnum):
    text = "text"
    csv = "csv"
    json = "json"


class SchemaKind(StrEnum):
    study = "study"
    qualification = "qualification"


class Kind(StrEnum):
    pass_ = "PASS"
    paes = "PAES"


@app.callback()
def main() -> None:
    """Exit codes: 0 done; 2 wrong use of a command; 3 a definition has faults; 4 a delivery has faults; 5 a document could not be
    composed; 6 no such result; 7 a file could not be written; 1 studygen itself failed."""


@app.command()
def build(
    studies: Annotated[list[Path], typer.Argument(metavar="STUDY...", help="One or more study folders.")],
    document: Annotated[
        list[str] | None, typer.Option(help="Only this document, for example protocol or encepp-checklist; may be repeated.")
    ] = None,
    format: Annotated[list[FormatName] | None, typer.Option(help="Only this format; may be repeated.")] = None,
    output: Annotated[Path, typer.Option(help="Folder that receives <study>/<document>.<format>.")] = Path("output"),
    workers: Annotated[int | None, typer.Option(min=1, help="Documents written side by side; default: one per core.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="All documents with dummy numbers, before any result; into <study>/dry-run/.")
    ] = False,
    public: Annotated[
        bool, typer.Option("--public", help="Without names, contacts and confidential passages; into <study>/public/.")
    ] = False,
    submission: Annotated[
        bool, typer.Option("--submission", help="Also PDF files fitted for submission and a report; into <study>/submission/.")
    ] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Build in spite of errors of the check; every page says how many findings are open.")
    ] = False,
) -> None:
    """Checks a study and builds protocol, analysis plan and, where registries have delivered, report. Nothing is written while
    the check finds errors, unless --draft is given."""
    from studygen.pipeline.building import FORMATS
    from studygen.pipeline.building import build as build_study
    from studygen.pipeline.making import RefusedError
    from studygen.pipeline.rehearsal import seed_of

    if dry_run and public:
        raise typer.BadParameter("choose --dry-run or --public: a dry run is not published")
    if submission and (dry_run or public):
        raise typer.BadParameter("a dry run or a public version is not submitted: leave out --submission")
    if submission and draft:
        raise typer.BadParameter("a draft is not submitted: leave out --draft or --submission")
    edition: EditionName = "dry_run" if dry_run else "public" if public else "regular"
    documents = document or []
    formats = [f for f in FORMATS if not format or f in {each.value for each in format} or (submission and f == "pdf")]
    failed: list[StudygenError] = []
    for study in studies:
        try:
            with progress(study.name) as tell:
                folder = study_folder(study)
                outcome = build_study(folder, output, documents, formats, workers, tell, edition, draft=draft)
                seed = seed_of(folder) if dry_run else ""
                submitted = _submit(folder, output, outcome, tell) if submission else ()
        except RefusedError as error:
            print_report(error.report, sys.stderr)
            print(f"{study}: {error.heading}. Mend the errors, or build a marked draft with --draft.\n", file=sys.stderr)
            failed.append(error)
            continue
        except StudygenError as error:
            print_error(error, study)
            failed.append(error)
            continue
        if seed:
            print(f"dry run    seed {seed}: dummy numbers, not results")
        for built in outcome.files:
            print(f"{'wrote    ' if built.written else 'unchanged'}  {built.path}")
        for path in outcome.removed:
            print(f"removed    {path}  (the definition no longer has this document)")
        if outcome.open_findings:
            found = times(outcome.open_findings, "finding")
            print(f"DRAFT      {found} open, marked on every page: studygen check {study} lists them")
        if outcome.warnings:
            print(f"check      {times(outcome.warnings, 'warning')}: studygen check {study} lists them")
        for path in outcome.outdated:
            print(f"OUTDATED   {path}  (made from an earlier definition; build it again)")
        for file in submitted:
            print(f"submission {file.path}  ({'ready' if file.ready else 'NOT READY'})")
            for verdict in file.unmet:
                print(f"           {verdict.rule.severity}: {verdict.told}")
    if failed:
        raise typer.Exit(failed[0].exit_code)


def _submit(study: Path, output: Path, outcome: Outcome, tell: Callable[[str], None]) -> tuple[Submitted, ...]:
    from studygen.pipeline.submitting import submit

    return submit(study, output, {each.document: each.path for each in outcome.files if each.format == "pdf"}, tell)


@app.command()
def check(
    studies: Annotated[list[Path] | None, typer.Argument(metavar="STUDY...", help="One or more study folders.")] = None,
    select: Annotated[list[str] | None, typer.Option(help="Only this rule (P26) or group (P); with commas or repeated.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Not this rule or group; with commas or repeated.")] = None,
    format: Annotated[CheckFormat, typer.Option(help="How findings are given out; markdown: with --rules.")] = CheckFormat.text,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings, too, set the exit code.")] = False,
    explain: Annotated[str | None, typer.Option(metavar="RULE", help="Say all about a rule; needs no study.")] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List all rules; needs no study.")] = False,
) -> None:
    """Checks definition, deliveries, results and documents against the rules, without writing documents. Exit codes: 0 no errors;
    3 errors in a definition; 4 in deliveries or results; 5 in documents."""
    # The program ends with the check: looking for garbage in between would take a tenth of its time.
    gc.disable()
    from studygen.pipeline.checking import check as check_study
    from studygen.pipeline.checking import guidance_of, named_rules

    if explain or rules:
        with errors(Path("studygen check")):
            print_rules(study_folder(studies[0]) if studies else None, explain, format)
        return
    if not studies:
        raise typer.BadParameter("name at least one study, or give --explain or --rules", param_hint="STUDY...")
    if format is CheckFormat.markdown:
        raise typer.BadParameter("markdown is a form of --rules", param_hint="--format")
    codes: set[int] = set()
    reports = []
    for study in studies:
        try:
            folder = study_folder(study)
            guidance = guidance_of(folder)
            selected, ignored = named_rules("--select", select or (), guidance), named_rules("--ignore", ignore or (), guidance)
            report = check_study(folder, selected, ignored, guidance)
        except StudygenError as error:
            print_error(error, study)
            codes.add(error.exit_code)
            continue
        reports.append((report, guidance))
        codes.add(report.exit_code(guidance, strict=strict))
    print_reports(reports, format, strict=strict)
    if failed := codes - {0}:
        raise typer.Exit(min(failed))


@app.command()
def new(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="Folder to make; its name becomes the study's id.")],
    kind: Annotated[Kind, typer.Option(help="Post-authorisation safety (PASS) or efficacy study (PAES).")],
    title: Annotated[str, typer.Option(help="Title; can be changed later in study.yaml.")] = "",
) -> None:
    """Makes a new study definition that checks and builds at once, to be rewritten part by part."""
    from studygen.pipeline.places import shipped
    from studygen.study.scaffold import scaffold

    with errors(study):
        made = scaffold(kind.value, study.name, title, study, shipped("templates") / "scaffold")
    for path in made:
        print(f"wrote      {path}")
    print(f"Next: open {study / 'study.yaml'} and follow protocols/README.md; then: studygen build {study}")


@app.command()
def freeze(studies: Annotated[list[Path], typer.Argument(metavar="STUDY...", help="One or more study folders.")]) -> None:
    """Freezes the plan under the version of its analysis plan, so that the report can be compared with it. Writes
    STUDY/frozen/plan-<version>.yaml once; a plan that was changed since needs a new version."""
    from studygen.pipeline.freezing import freeze as freeze_plan

    failed: list[StudygenError] = []
    for study in studies:
        try:
            frozen = freeze_plan(study_folder(study))
        except StudygenError as error:
            print_error(error, study)
            failed.append(error)
            continue
        state = "froze    " if frozen.written else "unchanged"
        analyses = f"{frozen.analyses} {'analysis' if frozen.analyses == 1 else 'analyses'}"
        print(f"{state}  {frozen.path}  (version {frozen.version}, {analyses}, SHA-256 {frozen.sha256[:12]}…)")
    if failed:
        raise typer.Exit(failed[0].exit_code)


@app.command("list")
def list_studies(
    folder: Annotated[Path, typer.Argument(help="Folder that holds the studies.")] = Path("protocols"),
) -> None:
    """Lists the studies in a folder with kind, status and title, and after them its qualification dossiers."""
    from studygen.qualification.loading import dossiers_in
    from studygen.study.loading import studies_in

    with errors(folder):
        dossiers = dossiers_in(folder)
        studies = [] if dossiers and not list(folder.glob("*/study.yaml")) else studies_in(folder)
        rows = [("STUDY", "KIND", "STATUS", "TITLE"), *((s.id, s.kind, s.status, s.title) for s in (*studies, *dossiers))]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]))


@app.command()
def schema(
    kind: Annotated[SchemaKind, typer.Option(help="Of a study, or of a qualification dossier.")] = SchemaKind.study,
) -> None:
    """Prints the JSON Schema of study.yaml or qualification.yaml, so that an editor completes and checks while one types."""
    from studygen.qualification.schema import json_schema as schema_of_dossier
    from studygen.study.schema import json_schema as schema_of_study

    found = schema_of_dossier() if kind is SchemaKind.qualification else schema_of_study()
    print(json.dumps(found, indent=2, ensure_ascii=False))


@app.command()
def explain(
    study: StudyArgument,
    result: Annotated[str | None, typer.Argument(metavar="RESULT-ID", help="The result's id; leave out to list all ids.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Says where a number comes from: value, formula, inputs, registries, files and lines."""
    from studygen.pipeline.explaining import explain as explain_result
    from studygen.pipeline.explaining import result_ids

    with errors(study):
        folder = study_folder(study)
        if result is None:
            print("\n".join(result_ids(folder)))
            return
        facts = explain_result(folder, result)
    print(json.dumps(facts, indent=2, ensure_ascii=False) if as_json else explanation(facts))


@app.command()
def comments(
    study: StudyArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.docx", help="The document as the reviewer sent it back.")],
    document: Annotated[str | None, typer.Option(help="Which document it is, when the file no longer says so.")] = None,
    format: Annotated[CommentsFormat, typer.Option(help="csv: a list to answer in a spreadsheet.")] = CommentsFormat.text,
) -> None:
    """Lists a reviewer's comments and tracked changes, each with its section, the results concerned, and the file and line to
    mend."""
    from studygen.pipeline.reviewing import lines_of, reviewed

    with errors(study):
        found = reviewed(study_folder(study), file, document)
    match format:
        case CommentsFormat.csv:
            print(found.csv(), end="")
        case CommentsFormat.json:
            data = {"document": found.document, "reference": found.reference, "version": found.version, "present": found.present}
            print(json.dumps({**data, "remarks": found.rows()}, indent=2, ensure_ascii=False))
        case CommentsFormat.text:
            print("\n".join(lines_of(found, file)))


@app.command()
def pool(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, help="One line per source.")],
    measure: Annotated[
        str | None, typer.Option(help="RR OR RD IRR IRD HR SMR PLO PFT PAS PLN PR IRLN MD SMD ROM GEN (GEN: any effect).")
    ] = None,
    method: Annotated[
        str | None, typer.Option(help="EE DL PM REML ML EB SJ HE HS, or from counts MH PETO GLMM; default REML.")
    ] = None,
    test: Annotated[str | None, typer.Option(help="z t hksj hksj-truncated; default z.")] = None,
    level: Annotated[float, typer.Option(help="Confidence level, 0.95 or 95.")] = 0.95,
    prediction: Annotated[bool, typer.Option("--prediction", help="Add the prediction interval.")] = False,
    format: Annotated[PoolFormat, typer.Option(help="What is printed.")] = PoolFormat.table,
    plot: Annotated[Path | None, typer.Option(help="Draw a forest plot into this file: .svg, .png or .pdf.")] = None,
    file_level: Annotated[float, typer.Option(help="Level of the intervals ci_lower to ci_upper in the file.")] = 0.95,
    prior_scale: Annotated[
        float | None, typer.Option(help="Scale of the half-normal prior of the Bayesian comparison (up to five sources).")
    ] = None,
) -> None:
    """Pools the sources of a CSV file. Columns: source, and events1,n1,events2,n2 or events1,person_years1,events2,person_years2
    or events,n or events,person_years or events,expected or mean1,sd1,n1,mean2,sd2,n2 or estimate,ci_lower,ci_upper or yi,vi."""
    from studygen.pipeline.pooling_file import WrongUseError, measures_of_file, plot_format, pool_file
    from studygen.results.source_pooling import Asked

    with errors(file):
        if measure is None:
            fitting = ", ".join(measures_of_file(file)) or "none; see studygen pool --help"
            raise WrongUseError(Fault(Place("--measure"), "the measure is not given", f"The columns fit: {fitting}."))
        if plot is not None:
            plot_format(plot)
        names = (measure.upper(), method and method.upper(), test and test.lower())
        found = pool_file(file, Asked(*names, _share(level), prediction, _share(file_level), prior_scale))
        if plot is not None:
            found.plot(plot)
    print(json.dumps(found.data(), indent=2, ensure_ascii=False) if format is PoolFormat.json else "\n".join(found.lines()))


def _share(level: float) -> float:
    """A level given in percent as a share."""
    return level / 100 if 1 < level < 100 else level
