"""Templates to Markdown: a strict, sandboxed Jinja environment whose output rule is Markdown. A plain text is escaped, a
narrative text is rendered where it is printed, and a number that is not a whole one is refused, because `value()` prints
those. Knows nothing about what the templates say."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import ChainableUndefined, FileSystemLoader, Template, Undefined, nodes, pass_context, pass_environment
from jinja2 import TemplateError as JinjaError
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.filters import FILTERS
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from studygen.document import confidential
from studygen.document.markup import cite_role, escape_markdown, kept_narrative, ref_role, value_role
from studygen.document.sourcemap import Rendered, marked, place_of, unmarked
from studygen.document.template_faults import (
    MISUSE,
    MISUSE_REMEDY,
    NAME_OF_CONTEXT,
    REFUSED,
    Unknown,
    first_lower,
    is_ours,
    names_in,
    raised_at,
    rendering_place,
    spelling_fault,
)
from studygen.errors import Fault, Place, ResultError, StudygenError, TemplateError, did_you_mean

__all__ = [
    "MarkdownEnvironment",
    "cite_role",
    "escape_markdown",
    "make_environment",
    "ref_role",
    "render",
    "render_text",
    "value_role",
]

# fmt: off
CHOOSING = [
    "count", "default", "dictsort", "first", "groupby", "indent", "items", "last", "length", "list", "map", "reject",
    "rejectattr", "reverse", "safe", "select", "selectattr", "sort", "string", "unique",
]
# fmt: on
"""Filters a template may use: those that choose and order. Filters that compute or format numbers are left out on purpose."""

SPELLING = ["capitalize", "lower", "replace", "title", "trim", "upper"]
"""Filters that change the letters of a text; narrative text stays narrative."""


def make_environment(
    roots: Sequence[Path], functions: Mapping[str, object], tests: Mapping[str, Callable[..., bool]]
) -> MarkdownEnvironment:
    """An environment that looks templates up in `roots`, in order: a folder that overrides comes first."""
    return MarkdownEnvironment(roots, functions, tests)


def render(environment: MarkdownEnvironment, name: str, context: Mapping[str, object]) -> Rendered:
    """The template `name` as Markdown, a str that also knows the place of each line.

    Raises TemplateError: with every fault that rendering can step over (a name that is not known, a value that cannot be
    printed, a StudygenError of a function), and the one that it cannot.
    """
    return environment.rendered(name, context)


def render_text(environment: MarkdownEnvironment, text: object, context: Mapping[str, object]) -> Rendered:
    """A narrative text (`Prose`) as Markdown, as if a template printed it. Raises TemplateError like `render`."""
    return environment.rendered_text(text, context)


@dataclass(slots=True)
class _Run:
    """One rendering: what every template and text of it sees, and what went wrong so far."""

    variables: Mapping[str, object]
    faults: list[Fault] = field(default_factory=list)


class _MarkdownCode(CodeGenerator):
    """Compiles templates with two differences: text keeps its lines, and `~` joins by the output rule."""

    environment: MarkdownEnvironment

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        # Only text that goes straight into the output is marked. What a macro or a block set collects is looked at by
        # conditions and filters, where an invisible mark would be a trap.
        if isinstance(node, nodes.TemplateData) and frame.buffer is None:
            return marked(node.data, self.environment.source_number(self.name or ""), node.lineno)
        return super()._output_child_to_const(node, frame, finalize)

    @optimizeconst
    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        # Jinja slices behind the environment's back; here a part of a narrative text stays narrative.
        self.write("environment.getitem(")
        self.visit(node.node, frame)
        self.write(", slice(")
        for bound in (node.arg.start, node.arg.stop, node.arg.step):
            if bound is None:
                self.write("None")
            else:
                self.visit(bound, frame)
            self.write(", ")
        self.write("))")


_CODE: dict[tuple[str, str | None, str | None], CodeType] = {}
"""Compiled templates and texts by source, name and file."""
_ORIGINS: list[str] = []
_NUMBERS: dict[str, int] = {}
"""Sources of lines by the numbers with which compiled code marks them, and the other way round."""


class MarkdownEnvironment(ImmutableSandboxedEnvironment):
    """The environment; `render` and `render_text` are its doors."""

    code_generator_class = _MarkdownCode
    intercepted_binops = frozenset({"+", "%", "*"})

    def __init__(self, roots: Sequence[Path], functions: Mapping[str, object], tests: Mapping[str, Callable[..., bool]]) -> None:
        super().__init__(
            loader=FileSystemLoader([str(root) for root in roots]),
            autoescape=True,
            undefined=Unknown,
            finalize=_printed,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            extensions=[confidential.ConfidentialTag],
            # Constant expressions, too, keep to the output rule.
            optimized=False,
        )
        self.filters = {
            **{name: FILTERS[name] for name in CHOOSING},
            **{name: _keeping_narrative(FILTERS[name]) for name in SPELLING},
            "join": _join,
        }
        self.globals.pop("lipsum")
        self.globals.update({confidential.TAG: confidential.shown, **functions})
        self.tests.update(tests)
        self._narratives: dict[tuple[str, str], Template] = {}
        self._run = _Run({})

    # ------------------------------------------------------------------------------------------------ one rendering

    def rendered(self, name: str, context: Mapping[str, object]) -> Rendered:
        """See `render`."""
        return self._rendering(name, context, lambda: self._written(self.get_template(name)))

    def rendered_text(self, text: object, context: Mapping[str, object]) -> Rendered:
        """See `render_text`."""
        return self._rendering(str(getattr(text, "origin", "")) or "text", context, lambda: self.shown(text))

    def _rendering(self, name: str, context: Mapping[str, object], write: Callable[[], str]) -> Rendered:
        """What `write` makes, with `name` as the place of what has no better one, and all its faults."""
        outer, self._run = self._run, _Run(context)
        run, text = self._run, ""
        self.source_number(name)
        try:
            text = write()
        except TemplateNotFound as error:
            remedy = did_you_mean(str(error.name), self.list_templates())
            run.faults.append(Fault(raised_at(error) or Place(name), f'the template file "{error.name}" does not exist', remedy))
        except TemplateSyntaxError as error:
            run.faults.append(spelling_fault(error, place_of(error.name or name, error.lineno), self.filters))
        except UndefinedError as error:
            self._record(str(error.message), "", raised_at(error) or Place(name))
        except StudygenError as error:
            self._record_error(error, raised_at(error) or Place(name))
        except JinjaError as error:
            run.faults.append(Fault(raised_at(error) or Place(name), first_lower(str(error)), ""))
        except MISUSE as error:
            place = raised_at(error) or Place(name)
            if is_ours(error):
                # A function of ours erred: that is a traceback, not a fault of the template; but say where it was used.
                error.add_note(f"while {place} was rendered")
                raise
            run.faults.append(Fault(place, f"this expression does not work: {first_lower(str(error))}", MISUSE_REMEDY))
        finally:
            self._run = outer
        if run.faults:
            raise TemplateError(tuple(dict.fromkeys(run.faults)))
        return unmarked(text, _ORIGINS, name)

    def compile(self, source: Any, name: str | None = None, filename: str | None = None, *more: Any, **options: Any) -> Any:
        """Code for a template or text. Code is the same in every environment, and several documents print the same texts."""
        if not isinstance(source, str) or more or options:
            return super().compile(source, name, filename, *more, **options)
        key = (source, name, filename)
        if key not in _CODE:
            _CODE[key] = super().compile(source, name, filename)
        return _CODE[key]

    def source_number(self, origin: str) -> int:
        """The number under which marks name a template or narrative text."""
        if origin not in _NUMBERS:
            _NUMBERS[origin] = len(_ORIGINS)
            _ORIGINS.append(origin)
        return _NUMBERS[origin]

    def _written(self, template: Template) -> str:
        # Not Template.render(), which rewrites tracebacks and so hides the template's name from `raised_at`.
        return self.concat(template.root_render_func(template.new_context(dict(self._run.variables))))

    # ---------------------------------------------------------------------------------------------- the output rule

    def shown(self, value: object) -> Markup:
        """A value as Markdown. What cannot be printed is recorded as a fault, and nothing is printed."""
        if isinstance(value, Markup):
            return value
        if hasattr(value, "__markdown__"):
            return self._narrated(value)
        if isinstance(value, str):
            return Markup(escape_markdown(value))
        if isinstance(value, int) and not isinstance(value, bool):
            return Markup(value)
        self._refuse(value)
        return Markup("")

    def joined(self, parts: Iterable[object]) -> str:
        """Parts side by side: Markdown as soon as one of them is, else a plain text."""
        parts = list(parts)
        if any(isinstance(part, Markup) or hasattr(part, "__markdown__") for part in parts):
            return Markup("").join(self.shown(part) for part in parts)
        for part in parts:
            if not isinstance(part, (str, int)) or isinstance(part, bool):
                self._refuse(part)
        return "".join(part if isinstance(part, str) else str(part) for part in parts if isinstance(part, (str, int)))

    def _narrated(self, text: Any) -> Markup:
        """A narrative text, rendered with the variables of the whole rendering: inside a macro it sees the same study."""
        source = text.__markdown__()
        here = rendering_place(sys._getframe())
        origin = str(getattr(text, "origin", "")) or f"text printed at {here}"
        key = (source, origin)
        if key not in self._narratives:
            code = self.compile(source, name=origin, filename=origin)
            self._narratives[key] = Template.from_code(self, code, self.make_globals(None))
        return Markup(self._written(self._narratives[key]))

    def _refuse(self, value: object) -> None:
        if isinstance(value, ChainableUndefined):
            return  # stands for a call that has been recorded already
        if isinstance(value, Undefined):
            self._record(value._undefined_message, "")
            return
        for kind, what, remedy in REFUSED:
            if isinstance(value, kind):
                self._record(what, remedy)
                return
        what = f"{type(value).__name__} is not a text and cannot be printed whole"
        self._record(what, f"Print a part of it: {', '.join(names_in(value)[:8])}.")

    # ---------------------------------------------------------------------------------------- Jinja's hooks that we use

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - Jinja's signature
        """Calls a function or method. Its StudygenError is recorded with this place, and rendering goes on."""
        try:
            result = super().call(__context, __obj, *args, **kwargs)
        except StudygenError as error:
            __self._record_error(error)
            return ChainableUndefined()
        # `text.rstrip(".")`, `sentence_case(text)`: what is made from a narrative text is still Markdown.
        for source in (getattr(__obj, "__self__", None), *args[:1]):
            result = kept_narrative(source, result)
        return result

    def getitem(self, obj: Any, argument: Any) -> Any:
        return kept_narrative(obj, super().getitem(obj, argument))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, str) or isinstance(right, str):
            if operator == "+":
                return self.joined((left, right))
            self._record(f'"{operator}" does not work on a text', "Join texts with ~ ; print numbers with value().")
            return ChainableUndefined()
        return super().call_binop(context, operator, left, right)

    # ------------------------------------------------------------------------------------------------------ faults

    def _record(self, message: str, remedy: str, place: Place | None = None, rule: str = "") -> None:
        what, _, hint = message.partition("\n")
        if hint.startswith(NAME_OF_CONTEXT):
            hint = did_you_mean(hint.removeprefix(NAME_OF_CONTEXT), [*self._run.variables, *self.globals])
        self._run.faults.append(Fault(place or rendering_place(sys._getframe()), what, remedy or hint, rule))

    def _record_error(self, error: StudygenError, place: Place | None = None) -> None:
        for fault in error.faults:
            elsewhere = f" ({fault.place})" if fault.place.line is not None else ""
            rule = fault.rule or ("T02" if isinstance(error, ResultError) else "")
            self._record(f"{fault.what}{elsewhere}", fault.remedy, place, rule)


@pass_context
def _printed(context: Context, value: object) -> Markup:
    """Jinja's finalize: takes the context so that constants, too, are left to run time and to the output rule."""
    environment = context.environment
    assert isinstance(environment, MarkdownEnvironment)
    return environment.shown(value)


@pass_environment
def _join(environment: MarkdownEnvironment, value: Iterable[object], d: str = "", attribute: str | int | None = None) -> str:
    """The filter `join`, by the output rule."""
    items = list(value)
    if attribute is not None:
        items = list(FILTERS["map"](environment.from_string("").new_context(), items, attribute=attribute))
    between = [part for item in items for part in (d, item)][1:]
    return environment.joined(between)


def _keeping_narrative(filter: Callable[..., Any]) -> Callable[..., Any]:
    """A filter on texts that leaves a narrative text narrative."""

    @wraps(filter)
    def keeping(*args: Any, **kwargs: Any) -> Any:
        result = filter(*args, **kwargs)
        for argument in args[:2]:
            result = kept_narrative(argument, result)
        return result

    return keeping
