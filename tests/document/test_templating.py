"""Templates: what is printed how, and where each fault is said to be."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from studygen.definition import Declared, NotApplicable, is_applicable
from studygen.document.templating import cite_role, make_environment, ref_role, render, render_text, value_role
from studygen.errors import Fault, Place, ResultError, TemplateError


class Exposure(Declared):
    """A model like those of the plan."""

    label: str
    washout_days: int = 30
    rate: float = 0.5


def failing() -> str:
    raise ResultError(Fault(Place("", None), 'there is no result "arr"', 'Did you mean "arr_ratio"?'))


FUNCTIONS = {
    "ref": ref_role,
    "cite": cite_role,
    "value": lambda id: value_role(id, "0.77 (0.55–1.08)"),
    "sentence_case": lambda text: text[:1].upper() + text[1:],
    "result": failing,
}


class Folder:
    """A folder of templates and what is rendered from it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def render(self, text: str, /, **context: Any) -> str:
        self.write("protocol/section.md.j2", text)
        return render(make_environment([self.path], FUNCTIONS, {"applicable": is_applicable}), "protocol/section.md.j2", context)

    def faults(self, text: str, /, **context: Any) -> list[tuple[str, str, str]]:
        with pytest.raises(TemplateError) as raised:
            self.render(text, **context)
        return [(str(fault.place), fault.what, fault.remedy) for fault in raised.value.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


# ------------------------------------------------------------------------------------------------------- what is printed


def test_a_plain_text_is_escaped_wherever_it_comes_from(folder: Folder) -> None:
    text = "{{ name }} {{ '*b*' }} {{ name ~ '_' }} {{ names | join(', ') }} {{ name if true }}"
    assert folder.render(text, name="a*", names=["c*", "d"]) == r"a\* \*b\* a\*\_ c\*, d a\*"


def test_whole_numbers_are_printed_as_digits(folder: Folder) -> None:
    assert folder.render("{{ days }} and {{ -5 }}", days=1250) == "1250 and -5"


def test_roles_pass_and_texts_beside_them_are_escaped(folder: Folder) -> None:
    text = "{{ 'see *' ~ ref('tbl-a_b') }}; {{ [name, cite('k')] | join(' & ') }}; {{ name + ref('x') }}"
    assert folder.render(text, name="<n>") == r"see \*{ref}`tbl-a\_b`; \<n\> \& {cite}`k`; \<n\>{ref}`x`"


def test_texts_joined_for_an_id_stay_plain(folder: Folder) -> None:
    assert (
        folder.render("{{ ref('tbl-' ~ id) }} {{ ref(['tbl', id] | join('-')) }}", id="a_b") == r"{ref}`tbl-a\_b` {ref}`tbl-a\_b`"
    )


def test_macros_escape_once(folder: Folder) -> None:
    folder.write("shared/macros.md.j2", "{% macro both(a, b) %}{{ a }} *and* {{ b }}{% endmacro %}")
    text = "{% from 'shared/macros.md.j2' import both %}{{ both(name, ref('x')) }}; {{ both(name, name) ~ name }}"
    assert folder.render(text, name="n*") == r"n\* *and* {ref}`x`; n\* *and* n\*n\*"


def test_a_narrative_text_is_rendered_where_it_is_printed(folder: Folder, small: SimpleNamespace) -> None:
    text = small.prose("An *effect* of {{ name }} {{ cite('k') }}.")
    assert folder.render("Say: {{ text }}", text=text, name="n*") == r"Say: An *effect* of n\* {cite}`k`."


def test_a_narrative_text_sees_the_study_inside_a_macro_too(folder: Folder, small: SimpleNamespace) -> None:
    folder.write("shared/macros.md.j2", "{% macro stated(text) %}{{ text }}{% endmacro %}")
    text = "{% from 'shared/macros.md.j2' import stated %}{{ stated(text) }}"
    assert folder.render(text, text=small.prose("Of {{ name }}."), name="n*") == r"Of n\*."


def test_a_part_of_a_narrative_text_stays_narrative(folder: Folder, small: SimpleNamespace) -> None:
    text = "{{ text.rstrip('.') }}; {{ text[3:] }}; {{ text | trim }}; {{ sentence_case(text) }}; {{ 'x ' ~ text }}"
    assert folder.render(text, text=small.prose("to *do* it.")) == (
        "to *do* it; *do* it.; to *do* it.; To *do* it.; x to *do* it."
    )


def test_a_narrative_text_can_be_rendered_alone(folder: Folder, small: SimpleNamespace) -> None:
    environment = make_environment([folder.path], FUNCTIONS, {})
    rendered = render_text(environment, small.prose("One {{ cite('k') }}.\nTwo.", "text/a.md"), {})
    assert rendered == "One {cite}`k`.\nTwo."
    assert rendered.places == (Place("text/a.md", 1), Place("text/a.md", 2))


def test_a_block_tag_leaves_no_trace_of_its_line(folder: Folder) -> None:
    assert folder.render("A.\n  {% if true %}\nB.\n  {% endif %}\nC.\n") == "A.\nB.\nC.\n"


def test_the_first_root_that_has_a_file_wins(folder: Folder, tmp_path: Path) -> None:
    folder.write("base/protocol/a.md.j2", "base")
    folder.write("base/protocol/b.md.j2", "base")
    folder.write("override/protocol/a.md.j2", "override")
    environment = make_environment([tmp_path / "override", tmp_path / "base"], {}, {})
    assert render(environment, "protocol/a.md.j2", {}) == "override"
    assert render(environment, "protocol/b.md.j2", {}) == "base"


def test_applicable_is_a_test(folder: Folder, small: SimpleNamespace) -> None:
    text = "{{ 'yes' if a is applicable else 'no' }} {{ 'yes' if b is applicable else 'no' }}"
    assert folder.render(text, a="x", b=NotApplicable(not_applicable=small.prose("Because."))) == "yes no"


# ------------------------------------------------------------------------------------------------------ where lines come from


def test_every_line_knows_the_template_line_it_came_from(folder: Folder, small: SimpleNamespace) -> None:
    loop = "{% for i in [1, 2] %}\n- {{ i }}\n{% endfor %}\n"
    text = "{% set x = 1 %}\nFirst {{ x }}.\n" + loop + "\n{{ text }}\n{% include 'shared/end.md.j2' %}\n"
    folder.write("shared/end.md.j2", "\nEnd.\n")
    rendered = folder.render(text, text=small.prose("One.\nTwo.", "text/a.md"))
    places = [(line, str(place)) for line, place in zip(rendered.split("\n"), rendered.places, strict=True) if line]
    assert places == [
        ("First 1.", "protocol/section.md.j2:2"),
        ("- 1", "protocol/section.md.j2:4"),
        ("- 2", "protocol/section.md.j2:4"),
        ("One.", "text/a.md:1"),
        ("Two.", "text/a.md:2"),
        ("End.", "shared/end.md.j2:2"),
    ]


# ---------------------------------------------------------------------------------------------------------- what is refused


def test_an_unknown_name_is_told_with_the_nearest(folder: Folder) -> None:
    assert folder.faults("A.\n{{ stduy }}", study="x") == [
        ("protocol/section.md.j2:2", '"stduy" is not known in this template', 'Did you mean "study"?')
    ]


def test_an_unknown_part_is_told_with_the_nearest(folder: Folder) -> None:
    assert folder.faults("{{ exposure.lable }}", exposure=Exposure(label="x")) == [
        ("protocol/section.md.j2:1", 'Exposure has no "lable"', 'Did you mean "label"?')
    ]


@pytest.mark.parametrize(
    ("expression", "what", "remedy"),
    [
        ("exposure.rate", "a number must be printed with value()", "value("),
        ("none", "there is nothing to print here (None)", "is applicable"),
        ("true", "true or false cannot be printed", "if … else"),
        ("[1, 2]", "a list cannot be printed whole", "Loop over it"),
        ("{'a': 1}", "a group of keys cannot be printed whole", "one of its values"),
        ("exposure", "Exposure is not a text and cannot be printed whole", "label, rate, washout_days"),
        ("'a' ~ 1.5", "a number must be printed with value()", "value("),
        ("['a', none] | join", "there is nothing to print here (None)", "is applicable"),
        ("'%d' % 3", '"%" does not work on a text', "value()"),
    ],
)
def test_what_has_no_text_is_refused_with_what_to_do(folder: Folder, expression: str, what: str, remedy: str) -> None:
    ((place, said, advised),) = folder.faults("A.\n\n{{ " + expression + " }}", exposure=Exposure(label="x"))
    assert (place, said) == ("protocol/section.md.j2:3", what)
    assert remedy in advised


def test_all_faults_that_can_be_stepped_over_are_told_at_once(folder: Folder) -> None:
    places = [
        place for place, _, _ in folder.faults("{{ a }}\n{{ result() }}\n{{ result().label }}\n{{ 1.5 }}\n{{ b.c }}\n{{ d }}")
    ]
    # Line 5 ends the rendering: what has no value has no parts either.
    assert places == [f"protocol/section.md.j2:{line}" for line in (1, 2, 3, 4, 5)]


def test_a_functions_fault_keeps_its_words_and_gains_the_templates_place(folder: Folder) -> None:
    assert folder.faults("A.\n{{ result() }}") == [
        ("protocol/section.md.j2:2", 'there is no result "arr"', 'Did you mean "arr_ratio"?')
    ]


def test_a_fault_in_a_macro_is_told_where_the_macro_is_written(folder: Folder) -> None:
    folder.write("shared/macros.md.j2", "{% macro rate(x) %}\n\n{{ x }}\n{% endmacro %}")
    ((place, _, _),) = folder.faults("{% from 'shared/macros.md.j2' import rate %}\n{{ rate(1.5) }}")
    assert place == "shared/macros.md.j2:3"


@pytest.mark.parametrize(("origin", "place"), [("text/a.md", "text/a.md:2"), ("study.yaml:40", "study.yaml:41")])
def test_a_fault_in_a_narrative_text_names_its_origin(folder: Folder, small: SimpleNamespace, origin: str, place: str) -> None:
    faults = folder.faults("A.\n{{ text }}", text=small.prose("One.\n{{ vaule('x') }}", origin))
    assert faults == [(place, '"vaule" is not known in this template', 'Did you mean "value"?')]


def test_a_text_without_origin_names_the_line_that_prints_it(folder: Folder, small: SimpleNamespace) -> None:
    ((place, _, _),) = folder.faults("A.\n{{ text }}", text=small.prose("{{ x }}"))
    assert "protocol/section.md.j2:2" in place


def test_a_spelling_fault_names_its_line(folder: Folder) -> None:
    ((place, what, _),) = folder.faults("A.\n\n{% if %}\n{% endif %}")
    assert place == "protocol/section.md.j2:3"
    assert what.startswith("this template cannot be read")


def test_filters_that_format_numbers_do_not_exist(folder: Folder) -> None:
    ((place, what, remedy),) = folder.faults("A.\n{{ 1.234 | round(1) }}")
    assert (place, what) == ("protocol/section.md.j2:2", '"round" is not a known filter')
    assert "value()" in remedy


def test_a_template_that_does_not_exist_is_told_with_the_nearest(folder: Folder) -> None:
    folder.write("shared/windows.md.j2", "x")
    ((place, what, remedy),) = folder.faults("A.\n{% include 'shared/window.md.j2' %}")
    assert (place, what) == ("protocol/section.md.j2:2", 'the template file "shared/window.md.j2" does not exist')
    assert "shared/windows.md.j2" in remedy


def test_templates_cannot_reach_into_python(folder: Folder) -> None:
    ((place, what, _),) = folder.faults("{{ exposure.__class__.__mro__ }}", exposure=Exposure(label="x"))
    assert place == "protocol/section.md.j2:1"
    assert "unsafe" in what


def test_a_misused_expression_is_a_fault_of_the_template(folder: Folder) -> None:
    ((place, what, _),) = folder.faults("A.\n{{ ref() }}")
    assert place == "protocol/section.md.j2:2"
    assert what.startswith("this expression does not work")
