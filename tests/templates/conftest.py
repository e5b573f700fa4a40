"""The example studies as composed documents, and single templates rendered with the functions that documents use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from studygen.definition import is_applicable
from studygen.document.nodes import Document
from studygen.network.network import Network
from studygen.study.study import Study

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STUDIES = sorted(path.parent.name for path in (ROOT / "protocols").glob("*/study.yaml"))


@dataclass(frozen=True)
class Said:
    """What a template says about a study: `text` is its Markdown on one line, nothing escaped."""

    text: str

    def __contains__(self, sentence: object) -> bool:
        return isinstance(sentence, str) and sentence in self.text


@pytest.fixture(scope="session", params=STUDIES)
def study_name(request: pytest.FixtureRequest) -> str:
    """Each example study in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def composed() -> Callable[[str, str], Document]:
    """`composed(study, document)`: the finished tree, made once."""
    from studygen.pipeline.composing import compose
    from studygen.pipeline.loading import load

    made: dict[tuple[str, str], Document] = {}

    def one(study: str, document: str) -> Document:
        if (study, document) not in made:
            made[study, document] = compose(load(ROOT / "protocols" / study), [document])[document]
        return made[study, document]

    return one


@pytest.fixture(scope="session")
def safety_study() -> tuple[Study, Network]:
    """The example PASS: six registries, none of which has decided."""
    from studygen.network.loading import load_network
    from studygen.study.loading import load_study

    network = load_network(ROOT / "protocols" / "network")
    return load_study(ROOT / "protocols" / "cladribine-s1p-pass", [each.id for each in network.registries]), network


@pytest.fixture(scope="session")
def said() -> Callable[..., Said]:
    """`said(template, study, network, **variables)`: what a template says about a study without results."""
    from studygen.displays.phrases import phrases
    from studygen.displays.texts import DisplayTexts
    from studygen.document.markup import unescape_markdown
    from studygen.document.templating import make_environment, render
    from studygen.results.findings import ResultSet

    texts = DisplayTexts.load([TEMPLATES])

    def one(template: str, study: Study, network: Network, **variables: Any) -> Said:
        functions = phrases(study, texts, ResultSet(()), None)
        environment = make_environment([TEMPLATES], functions, {"applicable": is_applicable})
        contributors = [(each, network.registry(each.registry)) for each in study.participation]
        context = {"study": study, "network": network, "results": None, "planned": ResultSet(()), "contributors": contributors}
        markdown = render(environment, template, {**context, **variables})
        return Said(" ".join(unescape_markdown(markdown).split()))

    return one
