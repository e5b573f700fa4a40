"""How long things take: `make bench`. Prints tables of builds, of documents beside those of other tools, and of pooling; asserts
nothing, because machines differ."""

from __future__ import annotations

import hashlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import documents, pooling

ROOT = Path(__file__).resolve().parents[2]
STUDY = "natalizumab-fingolimod-paes"
LARGEST = "protocols/cladribine-s1p-pass"
"""The example with the longest definition."""


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def run(*arguments: str, cwd: Path) -> None:
    subprocess.run([sys.executable, "-m", "studygen.cli", *arguments], cwd=cwd, check=True, capture_output=True)


def workspace(folder: Path) -> Path:
    shutil.copytree(ROOT / "protocols", folder / "protocols")
    return folder


def change_a_number(delivery: Path) -> None:
    """The registry sends another estimate, with the manifest that belongs to it."""
    table, manifest = delivery / "aggregates.csv", delivery / "manifest.json"
    before = table.read_bytes()
    after = before.replace(b"estimate,0.93", b"estimate,0.92", 1)
    assert after != before, "the number that the benchmark changes is no longer there"
    old, new = (hashlib.sha256(content).hexdigest() for content in (before, after))
    table.write_bytes(after)
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def layout_only(study: Path) -> tuple[float, float]:
    """Seconds WeasyPrint itself needs for the very same HTML, one document after another in one process, to lay out and write,
    and how long the rest of a sequential build takes on top."""
    from studygen.pipeline.composing import compose
    from studygen.pipeline.loading import documents_of, load
    from studygen.writers.docx import render_docx
    from studygen.writers.pdf import render_pdf
    from studygen.writers.style import load_style

    def all_of_it() -> None:
        loaded = load(study)
        style = load_style(loaded.places.template("style/brand.yaml"), loaded.places.template("style/page.css"))
        for tree in compose(loaded, documents_of(loaded)).values():
            pdf = render_pdf(tree, style)
            render_docx(tree, style, pdf.pages)

    def weasyprint_alone() -> None:
        from weasyprint import HTML

        for page in pages:
            HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")

    from studygen.writers.html import to_html

    loaded = load(study)
    style = load_style(loaded.places.template("style/brand.yaml"), loaded.places.template("style/page.css"))
    pages = [to_html(tree, style) for tree in compose(loaded, documents_of(loaded)).values()]
    weasyprint_alone()
    return timed(weasyprint_alone), timed(all_of_it)


def main() -> None:
    rows: list[tuple[str, str]] = []
    helps = [timed(lambda: run("--help", cwd=ROOT)) for _ in range(7)]
    rows.append(("`studygen --help`, median of 7", f"{statistics.median(helps):.2f} s"))
    with tempfile.TemporaryDirectory() as scratch:
        here = workspace(Path(scratch))
        study = f"protocols/{STUDY}"
        rows.append(("cold build, one after another", f"{timed(lambda: run('build', study, '--workers', '1', cwd=here)):.1f} s"))
        shutil.rmtree(here / "output")
        rows.append(("cold build, side by side on the cores there are", f"{timed(lambda: run('build', study, cwd=here)):.1f} s"))
        unchanged = [timed(lambda: run("build", study, cwd=here)) for _ in range(5)]
        rows.append(("unchanged rebuild, median of 5", f"{statistics.median(unchanged):.2f} s"))
        change_a_number(here / study / "deliveries" / "dk_dmsr")
        rows.append(("build after one delivered number changed", f"{timed(lambda: run('build', study, cwd=here)):.1f} s"))
        for each in (study, LARGEST):
            checks = [timed(lambda each=each: run("check", each, cwd=here)) for _ in range(5)]  # type: ignore[misc]
            rows.append((f"`studygen check` of {Path(each).name}, cold, median of 5", f"{statistics.median(checks):.2f} s"))
    alone, whole = layout_only(ROOT / study)
    rows.append(("WeasyPrint alone on the same HTML, warm", f"{alone:.1f} s"))
    rows.append(("everything (load, pool, compose, PDF, DOCX), warm", f"{whole:.1f} s"))
    rows.append(("studygen's own share on top of WeasyPrint", f"{100 * (whole - alone) / alone:.0f} %"))
    width = max(len(name) for name, _ in rows)
    print(f"| {'what'.ljust(width)} | time   |\n| {'-' * width} | ------ |")
    for name, value in rows:
        print(f"| {name.ljust(width)} | {value.ljust(6)} |")
    print()
    documents.main()
    pooling.main()


if __name__ == "__main__":
    main()
