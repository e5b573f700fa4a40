"""Paths and the built examples, shared by the tests that look at whole documents. Property tests take the same examples on every
run and have no time limit: a slow machine is no fault in a formula."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parents[1]
PROTOCOLS = ROOT / "protocols"
DOSSIER = ("letter-of-intent", "briefing-document", "registry-profile-fr-ofsep", "gap-table")
"""The documents of the dossier that are built for tests: all of them would take minutes."""


@pytest.fixture(scope="session")
def protocols() -> Path:
    """The folder of the example studies."""
    return PROTOCOLS


@pytest.fixture(scope="session")
def built_examples(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """All example studies built once for all tests and workers: a folder with `<study>/<document>.<format>`."""
    from studygen.pipeline.building import build

    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    output = shared / "built-examples"
    lock = shared / "built-examples.lock"
    try:
        lock.touch(exist_ok=False)
    except FileExistsError:
        _wait_for(shared / "built-examples.done")
        return output
    try:
        for definition in sorted(PROTOCOLS.glob("*/study.yaml")):
            build(definition.parent, output, workers=1)
        build(PROTOCOLS / "bmsd-qualification", output, DOSSIER, workers=1)
        (shared / "built-examples.done").write_text("built", encoding="utf-8")
    except BaseException as error:
        (shared / "built-examples.done").write_text(f"failed: {error}", encoding="utf-8")
        raise
    return output


def _wait_for(mark: Path) -> None:
    """Waits until another test worker has built the examples."""
    import time

    for _ in range(3000):
        if mark.exists() and (text := mark.read_text(encoding="utf-8")):
            if text != "built":
                pytest.fail(f"the examples did not build: {text}")
            return
        time.sleep(0.2)
    pytest.fail("the examples were not built in time")
