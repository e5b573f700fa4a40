"""The brand is read strictly, and its text can be read by people who see little contrast."""

from __future__ import annotations

from pathlib import Path

import pytest

from studygen.errors import DefinitionError
from studygen.writers.style import Style, load_style

STYLE = Path(__file__).parents[2] / "templates" / "style"


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style(STYLE / "brand.yaml")


def with_brand(folder: Path, old: str, new: str) -> Path:
    text = (STYLE / "brand.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / "brand.yaml").write_text(text.replace(old, new), encoding="utf-8")
    (folder / "page.css").write_text("p { margin: 0 }", encoding="utf-8")
    return folder / "brand.yaml"


def test_the_shipped_brand_prints_on_a4_with_submission_margins(style: Style) -> None:
    # ISO 216: A4 is 210 mm × 297 mm.
    assert (style.page.width, style.page.height) == (21.0, 29.7)
    assert style.fonts.body.docx == "Arial"


def test_text_colours_have_the_contrast_that_wcag_asks_for(style: Style) -> None:
    # WCAG 2.1, success criterion 1.4.3: at least 4.5:1.
    colours = style.colours
    for text, ground in [
        (colours.ink, "#ffffff"),
        (colours.heading, "#ffffff"),
        (colours.link, "#ffffff"),
        (colours.muted, "#ffffff"),
        (colours.mark, "#ffffff"),
        (colours.heading, colours.shade),
        (colours.ink, colours.shade),
        (colours.ink, colours.note),
        (colours.ink, colours.warning),
        (colours.link, colours.warning),
    ]:
        assert contrast(text, ground) >= 4.5, (text, ground)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    lights = sorted((luminance(one), luminance(other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_black_on_white_has_the_contrast_wcag_states() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    brand = with_brand(tmp_path, "  body: 10\n", "  body: 10\n  boddy: 10\n")
    with pytest.raises(DefinitionError) as raised:
        load_style(brand)
    (fault,) = raised.value.faults
    assert fault.place.line is not None
    assert brand.read_text(encoding="utf-8").splitlines()[fault.place.line - 1].strip() == "boddy: 10"
    assert "body" in fault.remedy


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  body: 10\n", "  body: 8\n"),
        ("margin_left: 2.5\n", "margin_left: 1.5\n"),
        ('heading: "#14305c"', 'heading: "dark blue"'),
        ("  footer: 1.1\n", "  footer: 0.5\n"),
        ("  body: 1.4\n", ""),
    ],
)
def test_a_value_that_submission_formats_forbid_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(DefinitionError):
        load_style(with_brand(tmp_path, old, new))


def test_the_style_sheet_may_lie_elsewhere(tmp_path: Path) -> None:
    with_brand(tmp_path, "  body: 10\n", "  body: 11\n")
    style = load_style(tmp_path / "brand.yaml", STYLE / "page.css")
    assert style.sizes.body == 11
    assert style.css == (STYLE / "page.css").read_text(encoding="utf-8")


def test_a_missing_style_sheet_is_named(tmp_path: Path) -> None:
    brand = with_brand(tmp_path, "  body: 10\n", "  body: 11\n")
    (tmp_path / "page.css").unlink()
    with pytest.raises(DefinitionError, match=r"page\.css"):
        load_style(brand)
