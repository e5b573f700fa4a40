"""The house keeps its shape: imports go down the floors only, heavy libraries stay in their rooms, nothing of the
workplace gets into the repository."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "studygen"

FLOORS = {
    "cli": 7,
    "pipeline": 6,
    "checks": 5,
    "displays": 5,
    "writers": 5,
    "results": 4,
    "aggregates": 3,
    "document": 2,
    "guidance": 2,
    "qualification": 2,
    "study": 1,
    "network": 1,
    "stats": 1,
    "errors": 0,
    "definition": 0,
    "misfits": 0,
    "yamlfile": 0,
    "yamlquick": 0,
}
"""Room (or top-level module) and its floor."""

ISLANDS = {"stats": set(), "document": {"errors", "definition", "yamlfile"}}
"""Rooms that could be published alone, and what little they may use of ours."""

HEAVY = {
    "weasyprint": ["writers/pdf*.py"],
    "docx": ["writers/docx*.py"],
    "matplotlib": ["displays/figures/*.py"],
    "pandas": ["aggregates/*.py", "results/*.py"],
    "jinja2": ["document/*.py"],
    "markdown_it": ["document/*.py"],
    "citeproc": ["document/*.py"],
    "bibtexparser": ["document/bibtex.py"],
    "pylatexenc": ["document/bibtex.py"],
    "typer": ["cli/*.py"],
    "rich": ["cli/printing.py"],
    "pikepdf": ["writers/pdf*.py"],
    "ruamel": ["yamlfile.py"],
    "yaml": ["yamlquick.py"],
}
"""Library and the files that may import it."""

EAGER_AT_HELP = {
    "bibtexparser",
    "weasyprint",
    "docx",
    "matplotlib",
    "pandas",
    "scipy",
    "citeproc",
    "pikepdf",
    "numpy",
    "jinja2",
    "lxml",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path: Path) -> list[tuple[str, int]]:
    """Every absolute module name imported anywhere in a file, with its line; imports for type checking only do not count."""
    found: list[tuple[str, int]] = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types and "studygen" not in ast.unparse(node):
            continue
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            if module == "studygen":
                found += [(f"studygen.{alias.name}", node.lineno) for alias in node.names]
            else:
                found.append((module, node.lineno))
    return found


def test_every_room_has_a_floor() -> None:
    rooms = {room(path) for path in modules()} - {"__init__", "__main__"}
    assert rooms - set(FLOORS) == set()


def test_imports_go_down_the_floors_only() -> None:
    wrong = []
    for path in modules():
        here = room(path)
        if here in ("__init__", "__main__"):
            continue
        for name, line in imports(path):
            parts = name.split(".")
            if parts[0] != "studygen" or len(parts) < 2 or parts[1] == here or parts[1].startswith("__"):
                continue
            there = parts[1]
            if FLOORS[there] >= FLOORS[here] and not (FLOORS[there] == FLOORS[here] == 0):
                wrong.append(f"{path.relative_to(ROOT)}:{line} {here} imports {there}")
            if here in ISLANDS and there not in ISLANDS[here]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} the island {here} imports {there}")
    assert wrong == []


def test_heavy_libraries_stay_in_their_rooms() -> None:
    wrong = []
    for path in modules():
        relative = path.relative_to(PACKAGE)
        for name, line in imports(path):
            top = name.split(".")[0]
            if top in HEAVY and not any(relative.match(pattern) for pattern in HEAVY[top]):
                wrong.append(f"{relative}:{line} imports {top}")
    assert wrong == []


def test_there_are_no_import_cycles() -> None:
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in modules()}
    edges: dict[str, set[str]] = {name: set() for name in names}
    for name, path in names.items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("studygen"):
                for alias in node.names:
                    target = f"{node.module}.{alias.name}"
                    edges[name].add(target if target in names else node.module)
    state: dict[str, int] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if state.get(name) == 2:
            return
        assert state.get(name) != 1, " -> ".join((*trail, name))
        state[name] = 1
        for target in sorted(edges.get(name, ())):
            if target != name and target != "studygen":
                visit(target, (*trail, name))
        state[name] = 2

    for name in sorted(names):
        visit(name, ())


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, studygen.cli; print(sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([str(_python()), "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert {name for name in EAGER_AT_HELP if f"'{name}'" in loaded} == set()


def _python() -> str:
    import sys

    return sys.executable


def test_every_module_says_its_duty() -> None:
    silent = [str(p.relative_to(ROOT)) for p in modules() if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]
    assert silent == []


def test_there_is_no_utils_room() -> None:
    assert [p for p in modules() if p.stem in ("utils", "helpers", "misc", "common")] == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"/work" + r"/",
        r"/root" + r"/",
        r"/tmp/[a-z]+" + r"/\w",
        r"pypi\." + "org",
        r"registry\.npm" + "js",
        r"files\.python" + "hosted",
    ],
)
def test_no_machine_path_or_registry_host_is_in_a_tracked_file(pattern: str) -> None:
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()
    bad = []
    for name in tracked:
        path = ROOT / name
        if path.suffix in (".png", ".zip", ".pdf", ".docx") or not path.is_file() or name == "tests/test_house_rules.py":
            continue
        if re.search(pattern, path.read_text(encoding="utf-8", errors="replace")):
            bad.append(name)
    assert bad == []
