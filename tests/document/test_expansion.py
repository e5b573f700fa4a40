"""First uses of abbreviations are written out as a careful editor would."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from studygen.definition import LongForm
from studygen.document.expansion import expand_first_uses
from studygen.document.nodes import Block, Document, Emphasis, Heading, Paragraph, Strong, Text, Value, plain_text, walk
from studygen.document.parsing import parse_blocks

KNOWN = {
    short: LongForm(long=long)
    for short, long in {
        "PASS": "post-authorisation safety study",
        "RCT": "randomised controlled trial",
        "MS": "multiple sclerosis",
        "BMSD": "Big MS Data (network)",
        "ATC": "Anatomical Therapeutic Chemical (classification)",
        "DMT": "disease-modifying therapy",
        "EMA": "European Medicines Agency",
        "IRR": "incidence rate ratio",
        "RMP": "risk management plan",
        "SOC": "standard of care",
        "CI": "confidence interval",
        "ICD-10": "International Classification of Diseases, 10th revision",
    }.items()
} | {"EU": LongForm(long="European Union", expand=False), "IMPULS": LongForm(expand=False)}


def expanded(small: SimpleNamespace, *blocks: Block, apart: tuple[str, ...] = ()) -> tuple[Block, ...]:
    return expand_first_uses(Document(small.meta, (), blocks), KNOWN, apart).body


def shown(small: SimpleNamespace, markdown: str) -> str:
    texts = [
        plain_text(node.children)
        for node in walk(expanded(small, *parse_blocks(markdown, "f.md")))
        if isinstance(node, Paragraph)
    ]
    return " | ".join(texts)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        # the first use only, and the whole word only
        ("In MS, and MS again.", "In multiple sclerosis (MS), and MS again."),
        ("In MSBase and XMS.", "In MSBase and XMS."),
        ("The ICD-10 codes.", "The International Classification of Diseases, 10th revision (ICD-10) codes."),
        # plurals
        ("Two RCTs.", "Two randomised controlled trials (RCTs)."),
        ("Earlier DMTs.", "Earlier disease-modifying therapies (DMTs)."),
        ("Two SOCs.", "Two standards of care (SOCs)."),
        # the article agrees with the long form
        ("For an MS centre.", "For a multiple sclerosis (MS) centre."),
        ("An RCT began.", "A randomised controlled trial (RCT) began."),
        ("A EMA rule, a IRR.", "A European Medicines Agency (EMA) rule, an incidence rate ratio (IRR)."),
        # beginning of a sentence, possessive
        ("MS is rare.", "Multiple sclerosis (MS) is rare."),
        (
            "It is so. MS is rare, e.g. RCTs.",
            "It is so. Multiple sclerosis (MS) is rare, e.g. randomised controlled trials (RCTs).",
        ),
        ("By EMA’s rule.", "By European Medicines Agency’s (EMA) rule."),
        # in brackets
        ("A sign (of MS mostly).", "A sign (of multiple sclerosis [MS] mostly)."),
        ("The agency (EMA) and (MS).", "The agency (European Medicines Agency, EMA) and (multiple sclerosis, MS)."),
        # a remark in the list's long form stays there, and a long form that holds a short one is not torn
        ("The ATC code.", "The Anatomical Therapeutic Chemical (ATC) code."),
        ("In BMSD and for MS.", "In Big MS Data (BMSD) and for multiple sclerosis (MS)."),
        ("Big MS Data is a network for MS.", "Big MS Data is a network for multiple sclerosis (MS)."),
        # written out by the text itself
        ("A post-authorisation safety study (PASS), a PASS.", "A post-authorisation safety study (PASS), a PASS."),
        ("Post-Authorisation Safety Studies (PASS).", "Post-Authorisation Safety Studies (PASS)."),
        ("The EMA, the European Medicines Agency, and EMA.", "The EMA, the European Medicines Agency, and EMA."),
        ("MS (multiple sclerosis).", "MS (multiple sclerosis)."),
        (
            "The EU risk management plan (EU RMP category 3), the RMP.",
            "The EU risk management plan (EU RMP category 3), the RMP.",
        ),
        # names, compounds, document numbers
        ("The German MS Register. An MS cohort.", "The German MS Register. A multiple sclerosis (MS) cohort."),
        ("MS-related, EMA/48663/2013, BMSD-PASS-1.", "MS-related, EMA/48663/2013, BMSD-PASS-1."),
        ("Regulation (EU) No 520/2012 of the EU.", "Regulation (EU) No 520/2012 of the EU."),
        ("The IMPULS foundation.", "The IMPULS foundation."),
        # codes, links and lines that are no sentences
        ("`MS`, [MS](https://example.org), {sup}`MS`.", "MS, MS, MS."),
        ("MS; cohort study\n\n**MS in full.**\n\nIn MS.", "MS; cohort study | MS in full. | In multiple sclerosis (MS)."),
        # lists and boxes are prose
        ("- two RCTs\n- an RCT", "two randomised controlled trials (RCTs) | an RCT"),
        ("```{callout} note\nAn RCT.\n```", "A randomised controlled trial (RCT)."),
        ("```{style} title\nMS.\n```", "MS."),
    ],
)
def test_a_first_use_is_written_out(written: str, printed: str, small: SimpleNamespace) -> None:
    assert shown(small, written) == printed


def test_headings_tables_and_the_title_keep_the_short_form(small: SimpleNamespace) -> None:
    from dataclasses import replace

    heading, table = Heading("sec-a", 1, (Text("MS"),), "1"), small.table("tbl-a", "In MS.", "With MS.", notes=("Of MS.",))
    paragraph = Paragraph((Text("“A trial in MS” is the title. It is about MS."),))
    document = Document(replace(small.meta, title="A trial in MS"), (paragraph,), (heading, table, paragraph))
    changed = expand_first_uses(document, KNOWN)
    assert (changed.front, changed.body[:2]) == (document.front, (heading, table))
    (last,) = [plain_text(block.children) for block in changed.body if isinstance(block, Paragraph)]
    assert last == "“A trial in MS” is the title. It is about multiple sclerosis (MS)."


def test_a_section_that_stands_alone_is_a_text_of_its_own(small: SimpleNamespace) -> None:
    def part(id: str, level: int) -> tuple[Block, Block]:
        return Heading(id, level, (Text(id),), id), Paragraph((Text("For MS."),))

    blocks = (*part("sec-a", 1), *part("abstract", 1), *part("abstract-1", 2), *part("sec-b", 1))
    found = [plain_text(b.children) for b in expanded(small, *blocks, apart=("abstract",)) if isinstance(b, Paragraph)]
    assert found == ["For multiple sclerosis (MS).", "For multiple sclerosis (MS).", "For MS.", "For MS."]


def test_formatting_and_traced_numbers_stay(small: SimpleNamespace) -> None:
    paragraph = Paragraph(
        (
            Text("An "),
            Emphasis((Text("RCT"),)),
            Text(" of "),
            Value("a.b", "0.8"),
            Text(" (95% CI) in "),
            Strong((Text("MS"),)),
            Text("."),
        )
    )
    assert expanded(small, paragraph) == (
        Paragraph(
            (
                Text("A "),
                Emphasis((Text("randomised controlled trial (RCT)"),)),
                Text(" of "),
                Value("a.b", "0.8"),
                Text(" (95% confidence interval [CI]) in "),
                Strong((Text("multiple sclerosis (MS)"),)),
                Text("."),
            )
        ),
    )


def test_nothing_known_changes_nothing(small: SimpleNamespace) -> None:
    document = Document(small.meta, (), (Paragraph((Text("In MS."),)),))
    assert expand_first_uses(document, {}) is document
