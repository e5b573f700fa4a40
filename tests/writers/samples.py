"""A rich sample document and small ones for tests of the HTML and PDF writers: every node type, long and wide tables, hostile
text. Its contents are invented and say nothing about any study."""

from __future__ import annotations

from studygen.document.nodes import (
    Bibliography,
    BibliographyEntry,
    Block,
    Break,
    Callout,
    Cell,
    Citation,
    Code,
    Contents,
    ContentsEntry,
    Document,
    Emphasis,
    Figure,
    Footnote,
    Heading,
    Inline,
    Link,
    ListBlock,
    Meta,
    PageBreak,
    Paragraph,
    Ref,
    Row,
    Script,
    Strong,
    Table,
    Text,
    Value,
)

LABELS = (
    ("version", "Version"),
    ("page", "Page {page} of {pages}"),
    ("table", "Table"),
    ("figure", "Figure"),
    ("contents", "Table of contents"),
    ("list_of_tables", "List of tables"),
    ("list_of_figures", "List of figures"),
    ("footnote", "Footnote"),
    ("continued", "continued"),
)

MARKS = ("Draft", "Illustrative example, not a real study")

LONG = (
    "Patients are observed from the first recorded visit in the registry until the last visit, death, emigration or the data "
    "cut, whichever comes first; periods without any visit for more than twenty-four months are not counted as observation, "
    "and a patient who returns after such a gap enters anew with a fresh look-back. "
)

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 200" width="480" height="200"
  font-family="Liberation Sans" font-size="11">
<line x1="240" y1="14" x2="240" y2="165" stroke="#4a5568" stroke-dasharray="3 3"/>
<g fill="#14305c" stroke="#14305c">
  <line x1="170" y1="35" x2="230" y2="35"/><rect x="195" y="30" width="10" height="10"/>
  <line x1="190" y1="75" x2="260" y2="75"/><rect x="219" y="69" width="12" height="12"/>
  <line x1="150" y1="115" x2="250" y2="115"/><rect x="193" y="111" width="8" height="8"/>
</g>
<path d="M185 150 L208 143 L232 150 L208 157 Z" fill="#1f5f99"/>
<line x1="60" y1="166" x2="420" y2="166" stroke="#111111"/>
<g fill="#111111">
  <text x="4" y="39">Registry A</text><text x="4" y="79">Registry B</text><text x="4" y="119">Registry C</text>
  <text x="4" y="154" font-weight="bold">Pooled</text><text x="400" y="39">0.79 (0.53-1.17)</text>
  <text x="60" y="182">0.5</text><text x="236" y="182">1</text><text x="410" y="182">2</text>
</g></svg>"""

PNG = b"\x89PNG\r\n\x1a\n"


def meta(**changes: object) -> Meta:
    """Meta data of the sample, with fields replaced by name."""
    values: dict[str, object] = {
        "reference": "SAMPLE-PASS-01-PRO",
        "title": "Serious infections in people treated for multiple sclerosis: a registry-based cohort study",
        "kind": "Study protocol",
        "version": "1.0",
        "date": "2026-06-30",
        "date_text": "30 June 2026",
        "short_title": "Serious infections in MS",
        "author": "Coordinating centre",
        "labels": LABELS,
        "marks": MARKS,
        "keywords": ("multiple sclerosis", "registry", "PASS"),
    }
    return Meta(**(values | changes))  # type: ignore[arg-type]


def document(*body: Block, front: tuple[Block, ...] = (), **changes: object) -> Document:
    """A small document of the given blocks."""
    return Document(meta(**changes), front, body)


def text(words: str) -> tuple[Inline, ...]:
    return (Text(words),)


def para(words: str) -> Paragraph:
    return Paragraph(text(words))


def td(words: str, **options: object) -> Cell:
    return Cell((para(words),), **options)  # type: ignore[arg-type]


def th(words: str, **options: object) -> Cell:
    return td(words, header=True, **options)


def row(*words: str, kind: str = "body", align: str = "left") -> Row:
    """A body row: its first cell heads it."""
    first, *others = words
    return Row((th(first), *(td(word, align=align) for word in others)), kind)  # type: ignore[arg-type]


def heading(id: str, level: int, number: str, words: str, kind: str = "section") -> Heading:
    return Heading(id, level, text(words), number, kind)  # type: ignore[arg-type]


def information_table() -> Table:
    """An unnumbered table without header, as on a title page."""
    rows = (
        row("Title", meta().title),
        row("Version identifier", "1.0"),
        row("Date of last version", "30 June 2026"),
        row("EU PAS register number", "Not yet registered"),
        row("Active substance", "cladribine (L04AA40), siponimod (L04AE03)"),
        row("Marketing authorisation holder", "Example holder; example country"),
        Row(
            (
                th("Research question and objectives"),
                Cell(
                    (
                        para("What is the rate of serious infections under the two treatments?"),
                        ListBlock(((para("To estimate the incidence rate."),), (para("To compare the rates between groups."),))),
                    )
                ),
            )
        ),
        row("Countries of study", "Denmark, Sweden, Czechia, Germany, Italy"),
        row("Author", "Coordinating centre, department of neurology"),
    )
    return Table("tbl-information", (), (), rows, (3, 7))


def spanner_table() -> Table:
    """Two header rows with spanning cells, group rows, a total row, notes and a footnote in a cell."""
    header = (
        Row(
            (
                th("Registry", rowspan=2),
                th("Exposed", colspan=2, align="center"),
                th("Comparator", colspan=2, align="center"),
                th("Rate ratio (95% CI)", rowspan=2, align="right"),
            )
        ),
        Row(
            (
                th("Events", align="right"),
                th("Person-years", align="right"),
                th("Events", align="right"),
                th("Person-years", align="right"),
            )
        ),
    )
    body = (
        Row((th("Northern registries", colspan=6),), "group"),
        row("Registry A", "41", "5 210", "60", "6 015", "0.79 (0.53–1.17)", align="right"),
        Row(
            (
                th("Registry B"),
                td("suppressed", align="right"),
                td("1 020", align="right"),
                td("14", align="right"),
                td("1 377", align="right"),
                Cell((Paragraph((Text("not estimable"), Footnote(text("A count below five is not shown."), 2))),), align="right"),
            )
        ),
        Row((th("Southern registries", colspan=6),), "group"),
        row("Registry C", "12", "1 984", "20", "2 240", "0.68 (0.33–1.39)", align="right"),
        Row(
            (
                th("Pooled"),
                td("57", align="right"),
                td("8 214", align="right"),
                td("94", align="right"),
                td("9 632", align="right"),
                Cell((Paragraph((Value("rate.pooled", "0.75 (0.54–1.04)"),)),), align="right"),
            ),
            "total",
        ),
    )
    notes = (
        text("CI: confidence interval. Random effects by restricted maximum likelihood, Hartung–Knapp interval."),
        (Text("Registry B shows no counts below five; see "), Ref("sec-suppression", "section 2.1.1"), Text(".")),
    )
    return Table(
        "tbl-rates",
        (Text("Serious infections: events, person-years and rate ratios "), Emphasis(text("per registry"))),
        header,
        body,
        (2.2, 1.3, 1.6, 1.3, 1.6, 2.4),
        notes,
        number=1,
    )


def long_table() -> Table:
    """120 rows that run over pages."""
    header = (Row((th("Code"), th("Vocabulary"), th("Term"), th("Persons", align="right"))),)
    body = tuple(
        Row(
            (
                th(f"A{number:02d}.{number % 7}"),
                td("ICD-10, 2019"),
                td("Other bacterial infection of a stated site " * (1 + number % 3)),
                td(str(number * 13), align="right"),
            )
        )
        for number in range(1, 121)
    )
    return Table("tbl-codes", text("Codes that define a serious infection"), header, body, (1, 1.4, 4.6, 1), number=2)


def wide_table() -> Table:
    """A landscape table with many columns of prose."""
    words = ("Variable", "Denmark", "Sweden", "Czechia", "Germany", "Italy", "International", "Remark")
    body = tuple(
        row(name, *("available since 2012, quarterly update, 96% complete",) * 6, LONG[:140])
        for name in (
            "Date of diagnosis",
            "Relapse dates",
            "EDSS",
            "Start of treatment",
            "Serious infection",
            "Malignancy",
            "Death",
        )
    )
    return Table(
        "tbl-availability",
        text("Availability of core variables by registry"),
        (Row(tuple(th(w) for w in words)),),
        body,
        (1.3, 1, 1, 1, 1, 1, 1, 1.9),
        notes=(text("Invented figures."),),
        landscape=True,
        number=3,
    )


def forest_figure() -> Figure:
    return Figure(
        "fig-forest",
        text("Rate ratio of serious infections, per registry and pooled"),
        "Forest plot: registry A 0.79, B not estimable, C 0.68, pooled 0.75 (0.54 to 1.04).",
        SVG,
        PNG,
        15.0,
        notes=(text("Squares are sized by weight; the diamond is the pooled estimate."),),
        number=1,
    )


def contents_of(blocks: tuple[Block, ...]) -> tuple[Contents, Contents, Contents]:
    """The three generated lists of some blocks."""
    sections, tables, figures = [], [], []
    for node in blocks:
        match node:
            case Heading(id, level, (Text(words),), number):
                sections.append(ContentsEntry(level, number, words, id))
            case Table(id=id, number=number, caption=caption) if number:
                title = "".join(part.text for part in caption if isinstance(part, Text))
                tables.append(ContentsEntry(1, f"Table {number}", title, id))
            case Figure(id=id, number=number, caption=(Text(words),)):
                figures.append(ContentsEntry(1, f"Figure {number}", words, id))
            case _:
                pass
    return Contents("sections", tuple(sections)), Contents("tables", tuple(tables)), Contents("figures", tuple(figures))


def rich() -> Document:
    """Every node type in a document of some fifteen pages."""
    chapters: tuple[Block, ...] = (
        heading("sec-background", 1, "2", "Rationale and background"),
        Paragraph(
            (
                Text("Infections are the commonest "),
                Strong(text("serious")),
                Text(" adverse events under immunotherapy "),
                Citation(("one", "three"), "[1,3]"),
                Text("; their rate varies between "),
                Emphasis(text("registries")),
                Text(" and over time "),
                Citation(("one", "two", "three"), "[1–3]"),
                Text(". The pooled rate ratio was "),
                Value("rate.pooled", "0.75 (0.54–1.04)"),
                Text(" ("),
                Ref("tbl-rates", "Table 1"),
                Text(", "),
                Ref("fig-forest", "Figure 1"),
                Text("), with τ"),
                Script(text("2")),
                Text(" = 0.01 and an EDSS"),
                Script(text("base"), "sub"),
                Text(" of 2.5"),
                Footnote((Text("The Expanded Disability Status Scale, "), Emphasis(text("before")), Text(" the index date.")), 1),
                Text(". The register entry is at "),
                Link(text("https://catalogues.ema.europa.eu"), "https://catalogues.ema.europa.eu"),
                Text("; the code is "),
                Code("L04AA40"),
                Text("."),
                Break(),
                Text("A new line within the paragraph."),
            )
        ),
        para(LONG * 2),
        ListBlock(
            (
                (para("A first point, with enough words to run over the end of the line and so to show its hanging indent."),),
                (para("A second point:"), ListBlock(((para("nested one;"),), (para("nested two."),)))),
                (para("A third point."),),
            )
        ),
        ListBlock(((para("First step."),), (para("Second step."),)), ordered=True),
        heading("sec-methods", 2, "2.1", "What is known and what is not"),
        para(LONG * 3),
        heading("sec-suppression", 3, "2.1.1", "Small counts"),
        para(LONG),
        Callout(
            (
                Paragraph(
                    (
                        Strong(text("Data status.")),
                        Text(" These figures are invented."),
                    )
                ),
            )
        ),
        Callout((para("One registry has not confirmed its data cut."), para("It is marked where it appears.")), "warning"),
        heading("sec-results", 1, "3", "Results of feasibility work"),
        Paragraph(text("The main result at a glance."), "lead"),
        spanner_table(),
        para(LONG),
        forest_figure(),
        heading("sec-around", 2, "3.1", "Around the figure"),
        heading("sec-beside", 3, "3.1.1", "Headings in a row"),
        heading("sec-deep", 4, "3.1.1.1", "A fourth level"),
        para(LONG),
        heading("sec-deeper", 5, "3.1.1.1.1", "A fifth level"),
        para(LONG),
        heading("sec-codes", 2, "3.2", "Codes"),
        long_table(),
        heading("sec-availability", 2, "3.3", "Availability"),
        para("The table lists what every registry holds."),
        wide_table(),
        heading("sec-after", 2, "3.4", "After the wide table"),
        para(LONG * 2),
        Paragraph(text("A note in its own style."), "note"),
        Paragraph(text("A small paragraph."), "small"),
        Paragraph(text("A caption-like paragraph"), "caption"),
        Paragraph(text("• An entry of a list"), "list-entry"),
        heading("sec-references", 1, "4", "References"),
    )
    works = Bibliography(
        (
            BibliographyEntry("one", "1.", text("Author A, Author B. A registry-based cohort study. Journal. 2020;1(2):3–14.")),
            BibliographyEntry("two", "2.", (Text("Author C. "), Emphasis(text("A book on pooling")), Text(". Publisher; 2021."))),
            BibliographyEntry(
                "three",
                "3.",
                (
                    Text(
                        "Author D. Infections under immunotherapy: a very long title that runs over the end of the "
                        "line. Journal. 2022. "
                    ),
                    Link(text("https://doi.org/10.1000/example"), "https://doi.org/10.1000/example"),
                ),
            ),
        )
    )
    annex: tuple[Block, ...] = (
        heading("annex-1", 1, "Annex 1", "List of stand-alone documents", "annex"),
        para("None."),
        heading("annex-2", 1, "Annex 2", "Additional information", "annex"),
        para(LONG),
    )
    opening = heading("sec-contents", 1, "1", "Table of contents")
    lists = contents_of((opening, *chapters, *annex))
    body = (
        opening,
        lists[0],
        heading("tables", 2, "", "List of tables", "unnumbered"),
        lists[1],
        heading("figures", 2, "", "List of figures", "unnumbered"),
        lists[2],
        PageBreak(),
        *chapters,
        works,
        *annex,
    )
    front = (
        Paragraph(text(meta().kind), "lead"),
        Paragraph(text(meta().title), "title"),
        Paragraph(text("Post-authorisation safety study"), "subtitle"),
        information_table(),
    )
    return Document(meta(), front, body)
