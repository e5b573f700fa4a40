"""Frames of a small study that has one of everything; lets the tests import the samples beside them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from display_samples import ROOT, VALID, frame_of, network, registry

from studygen.displays.frame import Frame
from studygen.displays.texts import DisplayTexts
from studygen.results.findings import Result, ResultSet
from studygen.study.study import Study
from studygen.yamlfile import load_model


@pytest.fixture(scope="session")
def texts() -> DisplayTexts:
    return DisplayTexts.load([ROOT / "templates"])


@pytest.fixture(scope="session")
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The smallest definition that has one of everything: DMSR takes part, SMSreg is still to decide."""
    folder = tmp_path_factory.mktemp("small-pass")
    (folder / "text").mkdir()
    (folder / "text" / "condition.md").write_text("What is known.\n", encoding="utf-8")
    (folder / "study.yaml").write_text(VALID.read_text(encoding="utf-8"), encoding="utf-8")
    return load_model(folder / "study.yaml", Study, {"folder": folder})


@pytest.fixture(scope="session")
def make_frame(small_study: Study, texts: DisplayTexts) -> Callable[..., Frame]:
    """A frame of the small study: `make_frame(results, **changes)`, the changes being fields of the study."""

    def make(results: tuple[Result, ...] | None = None, **changes: Any) -> Frame:
        study = small_study.model_copy(update=changes)
        found = None if results is None else ResultSet(results)
        return frame_of(study, network(registry("dk_dmsr", "DMSR"), registry("se_smsreg", "SMSreg")), texts, found)

    return make
