"""Reads the YAML files of a definition: plain values, the line of every key and list item, and faults of spelling in words
that a study lead understands; turns such a file into a typed model; and writes one. Knows nothing about studies or registries."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

from studygen.errors import DefinitionError, Fault, Place
from studygen.misfits import DataPath, misfits, path_text, written_as_text
from studygen.yamlquick import quickly_composed

Model = TypeVar("Model", bound=BaseModel)

Plain: TypeAlias = Any
"""What a YAML file holds once read: dict, list, str, int, float, bool, datetime.date or None."""

_CORE = "tag:yaml.org,2002:"
_INT = re.compile(r"^[-+]?\d+$")


@dataclass(frozen=True)
class Positions:
    """Where each part of a file stands. Paths are tuples of keys and list positions: `("objectives", 1, "measure")`."""

    file: str
    """The file as shown in messages: relative to the current directory where that is possible."""
    lines: Mapping[DataPath, int] = field(default_factory=dict)
    texts: Mapping[DataPath, str] = field(default_factory=dict)
    """Single values exactly as typed, where reading them changed their kind ("012", "1.10", "2025-06-30")."""

    def line(self, path: DataPath) -> int | None:
        """The line (1-based) of a key or list item; of the nearest part around it when it is not in the file."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    def place(self, path: DataPath = ()) -> Place:
        return Place(self.file, self.line(path), path_text(path))


@dataclass(frozen=True)
class YamlFile:
    """A YAML file as plain values with their positions."""

    data: Plain
    positions: Positions


def shown(path: Path) -> str:
    """A path as messages show it: relative to the current directory where possible."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def read_yaml(path: Path) -> YamlFile:
    """Reads one YAML 1.2 document. `no` and `yes` stay texts, ISO dates become dates, duplicate keys are refused.

    Raises DefinitionError with every fault that can be told: spelling stops reading at its first fault, duplicate keys and
    unusual values are all listed.
    """
    file = shown(path)
    if not path.is_file():
        raise DefinitionError(Fault(Place(file), "this file does not exist", "Write it, or correct the path."))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        remedy = 'Save the file with the encoding "UTF-8"; most editors show the encoding in the line at the bottom.'
        raise DefinitionError(Fault(Place(file, line), "a character here is not UTF-8", remedy)) from None
    root = quickly_composed(text)
    if root is None:
        root = _composed(text, file)
    reader = _Reader(file)
    data = reader.value(root, ()) if root is not None else None
    if reader.faults:
        raise DefinitionError(reader.faults)
    return YamlFile(data, Positions(file, reader.lines, reader.texts))


def _composed(text: str, file: str) -> Any:
    """The nodes of a text; None when it is empty. DefinitionError that says where and how a person should mend its spelling."""
    # ruamel is imported when it is needed, so that others need not wait for it.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise DefinitionError(_spelling_fault(error, text, file)) from None
    except YAMLError as error:
        line = text[: getattr(error, "position", 0)].count("\n") + 1
        remedy = "Delete the invisible control character; retyping the line helps when it cannot be seen."
        raise DefinitionError(Fault(Place(file, line), "this line holds a character that YAML does not allow", remedy)) from None


def written_yaml(data: Mapping[str, Plain]) -> str:
    """Plain values as the text of a YAML file that a person can read and that `read_yaml` gives back: texts of several lines in
    blocks. The same for the same values."""
    from io import StringIO

    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_in_blocks(data), out)
    # ruamel leaves the space before a fold at the end of the line; where a line is folded it means nothing.
    return re.sub(r" +$", "", out.getvalue(), flags=re.MULTILINE)


def _in_blocks(value: Plain) -> Plain:
    from ruamel.yaml.scalarstring import LiteralScalarString

    if isinstance(value, Mapping):
        return {key: _in_blocks(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_in_blocks(each) for each in value]
    if isinstance(value, str):
        return LiteralScalarString(value) if "\n" in value else str(value)
    return value


class _Reader:
    """Walks YAML nodes once, collecting plain values, positions and faults."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[DataPath, int] = {}
        self.texts: dict[DataPath, str] = {}
        self.faults: list[Fault] = []
        self._open: list[Any] = []

    def value(self, node: Any, path: DataPath) -> Plain:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if any(node is outer for outer in self._open):
            self._fault(node, path, "this part contains itself", "Write the part out instead of the * reference.")
            return None
        if node.tag and not str(node.tag).startswith(_CORE):
            self._fault(node, path, f'"{node.tag}" is a YAML tag, which definitions do not use', _QUOTE_IT)
            return None
        self._open.append(node)
        try:
            if node.id == "mapping":
                return self._mapping(node, path)
            if node.id == "sequence":
                return [self.value(item, (*path, position)) for position, item in enumerate(node.value)]
            return self._scalar(node, path)
        finally:
            self._open.pop()

    def _mapping(self, node: Any, path: DataPath) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self._fault(key_node, path, "a text that begins with a brace or bracket is not in quotes", _QUOTE_IT)
                continue
            key = str(key_node.value)
            if key_node.tag == f"{_CORE}merge":
                self._fault(key_node, path, '"<<" merges are not used in definitions', "Write the keys out.")
                continue
            inside = (*path, key)
            if key in found:
                first = self.lines[inside]
                remedy = f"It stands already in line {first}. Keep one of the two, or give this part its own list item."
                self._fault(key_node, inside, f'the key "{key}" is given twice', remedy)
                continue
            self.lines[inside] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, inside)
        return found

    def _scalar(self, node: Any, path: DataPath) -> Plain:
        text, kind = str(node.value), str(node.tag).removeprefix(_CORE)
        value = _typed(text, kind)
        if not isinstance(value, str) and value is not None:
            self.texts[path] = text
        return value

    def _fault(self, node: Any, path: DataPath, what: str, remedy: str) -> None:
        self.faults.append(Fault(Place(self.file, node.start_mark.line + 1, path_text(path)), what, remedy))


_QUOTE_IT = 'Put the whole text in double quotes, or write it below a ">" with two more spaces in front of each line.'


def _typed(text: str, kind: str) -> Plain:
    """A plain value; whatever is not exactly a number, a date, true, false or nothing stays text."""
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int" and _INT.match(text):
        return int(text)
    if kind == "float":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "timestamp":
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _spelling_fault(error: Any, text: str, file: str) -> Fault:
    """A fault of YAML spelling, with the line where a person should look and what to do there."""
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    number = mark.line if mark else 0
    line = lines[number] if number < len(lines) else ""
    before = line[: mark.column] if mark else ""
    problem = str(error.problem or "")
    opened = error.context_mark.line + 1 if error.context_mark else number + 1
    what, remedy = f"this line cannot be read: {problem}", _COLUMNS

    if "'\\t'" in problem or "\t" in line[: len(line) - len(line.lstrip())]:
        what, remedy = "a tab is used for indentation", "Use spaces only: two more for each step inwards."
    elif re.search(r"[:-]\s+\{[{%]", line):
        what, remedy = "a text that begins with a brace or bracket is not in quotes", _QUOTE_IT
    elif "mapping values are not allowed" in problem and re.search(r":\s", before):
        what, remedy = "a colon followed by a space stands inside a text that is not in quotes", _QUOTE_IT
    elif "mapping values are not allowed" in problem:
        what = "this line does not fit the line above it"
        remedy = (
            "Keys of one part begin in the same column, and a space follows the colon of every key; "
            "a text over several lines begins with > on the line of its key."
        )
    elif "sequence entries are not allowed" in problem:
        what, remedy = (
            "a list cannot begin on the line of its key or inside a text",
            'Begin each entry on its own line with "- ".',
        )
    elif "end of stream" in problem and "quoted" in str(error.context):
        number, what, remedy = opened - 1, "a quotation mark is opened here and never closed", "Close it at the end of the text."
    elif "expected ',' or" in problem:
        what = f"a bracket or brace opened in line {opened} is not closed, or a comma is missing"
        remedy = "Write lists in brackets as [one, two] and keys in braces as {key: value}."
    elif "cannot start any token" in problem:
        character = problem.split("'")[1] if "'" in problem else "?"
        what, remedy = f'a text cannot begin with "{character}" unless it is in quotes', _QUOTE_IT
    elif "undefined alias" in problem:
        what, remedy = 'a text cannot begin with "*" unless it is in quotes', _QUOTE_IT
    elif "escape character" in problem:
        what, remedy = "a backslash stands inside double quotes", "Use single quotes, or write the backslash twice."
    elif "indentation indicators" in problem or "expected a comment or a line break" in problem:
        what, remedy = 'text follows ">" or "|" on the same line', "Begin the text on the next line, two spaces further in."
    elif "another document" in str(problem):
        what, remedy = 'a line "---" begins a second document', "Keep one document per file; delete the line."
    elif "'<scalar>'" in problem and before.rstrip().endswith(("'", '"')):
        what = "text follows a closing quotation mark"
        remedy = "Inside single quotes write an apostrophe twice (''), or put the whole text in double quotes."
    elif "<block end>" in problem or "could not find expected ':'" in problem:
        what = f"this line does not belong to the part that begins in line {opened}: its indentation or its colon is wrong"
    return Fault(Place(file, number + 1), what, remedy)


_COLUMNS = "Keys of one part begin in the same column; parts inside it two spaces further in; a space follows each colon."


def load_model(
    path: Path,
    model: type[Model],
    context: Mapping[str, object] | None = None,
    forms: Mapping[str, str] | None = None,
    base: Path | None = None,
) -> Model:
    """The file as a model. Raises DefinitionError with all faults, each with its line. `forms` says in words what the
    text of a key must look like (`{"atc": "Write a WHO ATC code, for example L04AA40."}`). Keys that the file lacks are taken
    from the file `base`."""
    return load_with_positions(path, model, context, forms, base)[0]


def load_with_positions(
    path: Path,
    model: type[Model],
    context: Mapping[str, object] | None = None,
    forms: Mapping[str, str] | None = None,
    base: Path | None = None,
) -> tuple[Model, Positions]:
    """Like `load_model`, with the positions that later checks need to place their faults."""
    source = read_yaml(path)
    if source.data is None:
        raise DefinitionError(Fault(Place(source.positions.file), "the file is empty", "Write the definition into it."))
    if base is not None:
        source = YamlFile(laid_over(read_yaml(base).data, source.data), source.positions)
    try:
        return _validated(source, model, context), source.positions
    except ValidationError as error:
        raise DefinitionError(list(_placed(error, source, model, forms or {}))) from None


def laid_over(below: Any, above: Any) -> Any:
    """Two trees of mappings as one: a key above wins over the same key below; lists and texts are taken whole."""
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    return {**below, **{key: laid_over(below.get(key), value) for key, value in above.items()}}


def _validated(source: YamlFile, model: type[Model], context: Mapping[str, object] | None) -> Model:
    """Validates; a number or date where a text is expected is taken as it was typed, so that `version: 2024`, a code `012` and
    a code `250.0` need no quotes and lose nothing."""
    try:
        return model.model_validate(source.data, context=dict(context or {}))
    except ValidationError as error:
        data = written_as_text(error, model, source.data, source.positions.texts)
        if data is source.data:
            raise
        return model.model_validate(data, context=dict(context or {}))


def _placed(error: ValidationError, source: YamlFile, model: type[BaseModel], forms: Mapping[str, str]) -> Iterator[Fault]:
    found = [Fault(source.positions.place(m.path), m.what, m.remedy) for m in misfits(error, model, source.data, forms)]
    return iter(sorted(found, key=lambda fault: (fault.place.line or 0, fault.place.path)))
