"""What is claimed and on which evidence: claims, evidence with its target, questions to the committee, exemplar studies, answers
to a list of issues. Knows no results; whether a target exists is asked in `link_rules`."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studygen.definition import Declared, Id, Prose, Slug

Target = Annotated[
    str,
    StringConstraints(
        pattern=r"^(study:[a-z][a-z0-9-]*#[a-z][a-z0-9_.]*|indicator:[a-z][a-z0-9_]*|cite:\S+|fact:[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)$"
    ),
]
"""Where evidence lies: `study:<study id>#<result id>`, `indicator:<id>`, `cite:<key>` or `fact:<registry or network>.<field>`."""


class Evidence(Declared):
    """One piece of evidence that a reader can follow."""

    id: Id
    kind: Literal["study", "validation", "quality_indicator", "publication", "registry_fact"]
    target: Target
    shows: Prose
    """What it shows, and how far that goes."""
    standing: Literal["established", "simulated", "illustrative", "unconfirmed"] = "established"
    """How firm it is; anything but `established` is printed beside it."""

    @property
    def scheme(self) -> str:
        """`study`, `indicator`, `cite` or `fact`."""
        return self.target.partition(":")[0]

    @property
    def address(self) -> tuple[str, str]:
        """The target without its scheme, in two parts: study and result, registry and field, or the id and nothing."""
        rest = self.target.partition(":")[2]
        left, _, right = rest.partition("#" if self.scheme == "study" else "." if self.scheme == "fact" else "\0")
        return left, right


class Claim(Declared):
    """Something the dossier says of the network that a reader may doubt."""

    id: Id
    text: Prose
    study_types: tuple[Id, ...] = ()
    """The kinds of study in the context of use that rest on it."""
    evidence: tuple[Id, ...] = ()
    limits: Prose | None = None
    """How far the evidence does not go."""


class Question(Declared):
    """One question to the committee, with the applicant's position."""

    id: Id
    number: Annotated[int, Field(ge=1)]
    topic: str
    question: Prose
    background: Prose | None = None
    position: Prose | None = None
    evidence: tuple[Id, ...] = ()
    references: tuple[str, ...] = ()
    """Keys of references.json."""


class ShownResult(Declared):
    """A result of an exemplar study that is shown by its id."""

    id: str
    label: str
    """What the number is, for the row of a table."""


class Exemplar(Declared):
    """A study that shows what the network can do."""

    id: Id
    study: Slug
    study_types: tuple[Id, ...] = ()
    demonstrates: Prose
    does_not: Prose
    """What it does not demonstrate."""
    results: tuple[ShownResult, ...] = ()
    standing: Literal["completed", "published_aggregates", "planned"]


class Issue(Declared):
    """One question received on the dossier, with the answer."""

    number: str
    received: datetime.date
    body: str
    question: Prose
    answer: Prose | None = None
    answered: datetime.date | None = None
    evidence: tuple[Id, ...] = ()
    references: tuple[str, ...] = ()
