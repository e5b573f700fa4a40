"""What a check of one study found, counted and weighed: by severity, by document, as an exit code. Knows no rule, no format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studygen.checks.finding import GRAVITY, Finding, Severity
from studygen.checks.guidance import Guidance

EXIT_CODES: Final[Mapping[str, int]] = {"definition": 3, "delivery": 4, "results": 4, "document": 5}
"""By what a rule looks at; the same codes as those of the errors that stop reading."""

WHOLE_STUDY: Final = "study"
"""The row of a summary for findings that concern no document more than another."""

LISTED: Final[tuple[str, ...]] = ("protocol", "sap", "report")
"""The documents of a summary in the order in which they are written; others follow."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: the documents that can be made, and the findings, the gravest first; waived ones apart."""

    study: Path
    documents: tuple[str, ...]
    deliveries: int
    results: int
    findings: tuple[Finding, ...]
    waived: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which documents are not built."""
        return self._of("error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return self._of("warning")

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.severity == severity)

    def refusing(self, *, strict: bool = False) -> tuple[Finding, ...]:
        """The findings that are not let pass: errors; with `strict` warnings too."""
        return (*self.errors, *self.warnings) if strict else self.errors

    def exit_code(self, guidance: Guidance, *, strict: bool = False) -> int:
        """0 when nothing refuses; else that of the earliest step with a refusing finding: a definition before its deliveries,
        deliveries before documents."""
        return min((EXIT_CODES[guidance[each.rule].on] for each in self.refusing(strict=strict)), default=0)

    def by_document(self) -> Iterator[tuple[str, Mapping[Severity, int]]]:
        """Findings counted by document; one that concerns two documents counts in both, one that concerns none as the study's."""
        counts: dict[str, Counter[Severity]] = {name: Counter() for name in (*LISTED, *self.documents) if name in self.documents}
        for each in self.findings:
            for name in each.documents or (WHOLE_STUDY,):
                counts.setdefault(name, Counter())[each.severity] += 1
        order = {name: position for position, name in enumerate((WHOLE_STUDY, *LISTED))}
        for name in sorted(counts, key=lambda name: (order.get(name, len(order)), name)):
            yield name, {severity: counts[name][severity] for severity in GRAVITY if counts[name][severity]}


def counted(counts: Mapping[Severity, int]) -> str:
    """`2 errors, 1 warning`; "no findings" when there are none. `info` is one word in singular and plural."""
    parts = [
        f"{n} {severity}{'' if n == 1 or severity == 'info' else 's'}"
        for severity, n in ((s, counts.get(s, 0)) for s in GRAVITY)
        if n
    ]
    return ", ".join(parts) or "no findings"
