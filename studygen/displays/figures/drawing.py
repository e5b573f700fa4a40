"""What all figures share: a sheet of a given printed size, measured and wrapped text, and the step from a drawing to SVG and PNG
bytes that are the same every time. The only place that sets the drawing library's options."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from studygen.displays.look import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

PlotFormat = Literal["svg", "png", "pdf"]
PLOT_FORMATS: tuple[PlotFormat, ...] = ("svg", "png", "pdf")

CM_PER_INCH = 2.54
POINTS_PER_INCH = 72.0
PRINT_DPI = 300
CAPTION_ROOM = 4.0
"""Centimetres kept free on a page for a figure's caption and notes."""
ELLIPSIS = "…"

Drawn = tuple[bytes, bytes, float]
"""A drawing as SVG, as PNG at print resolution, and its printed width (centimetres)."""


class Canvas:
    """A sheet with one set of axes over all of it, in centimetres from the upper left corner: x to the right, y downwards."""

    def __init__(self, look: Look, width_cm: float, height_cm: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Sheet

        self.look = look
        self.width, self.height = width_cm, height_cm
        self.sheet: Sheet = Sheet(figsize=(width_cm / CM_PER_INCH, height_cm / CM_PER_INCH), dpi=PRINT_DPI)
        self._agg = FigureCanvasAgg(self.sheet)
        self.page: Axes = self.sheet.add_axes((0.0, 0.0, 1.0, 1.0))
        self.page.set_axis_off()
        self.page.set_xlim(0, width_cm)
        self.page.set_ylim(height_cm, 0)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes of their own scale at a place of the sheet (centimetres)."""
        bottom = self.height - top - height
        return self.sheet.add_axes((left / self.width, bottom / self.height, width / self.width, height / self.height))

    def text(self, x: float, y: float, text: str, **options: Any) -> None:
        """Characters as they are (no formula is read into them), vertically centred unless told otherwise."""
        options.setdefault("va", "center_baseline")
        options.setdefault("color", self.look.ink)
        options.setdefault("fontsize", self.look.size)
        self.page.text(x, y, text, parse_math=False, **options)

    def line(self, x: Sequence[float], y: Sequence[float], **options: Any) -> None:
        options.setdefault("color", self.look.ink)
        options.setdefault("solid_capstyle", "butt")
        self.page.plot(x, y, **options)

    def measure(self, text: str, *, bold: bool = False) -> float:
        """Printed width of one line of text in centimetres."""
        return text_width(self.look, text, bold=bold)


@lru_cache(maxsize=4096)
def text_width(look: Look, text: str, *, bold: bool = False) -> float:
    """Printed width of one line of text in centimetres."""
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

    properties = FontProperties(family=_families(look), size=look.size, weight="bold" if bold else "normal")
    renderer = RendererAgg(10, 10, PRINT_DPI)  # type: ignore[no-untyped-call]
    width, _, _ = renderer.get_text_width_height_descent(text, properties, ismath=False)  # type: ignore[no-untyped-call]
    return float(width) / PRINT_DPI * CM_PER_INCH


def wrapped(look: Look, text: str, width: float, *, most: int = 3, bold: bool = False) -> list[str]:
    """A text in lines no wider than `width` centimetres, at most `most` of them; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        tried = f"{line} {word}".strip()
        if text_width(look, tried, bold=bold) <= width:
            line = tried
            continue
        if line:
            lines.append(line)
        line = _shortened(look, word, width, bold)
        if len(lines) >= most:
            break
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened(look, f"{lines[most - 1]}{ELLIPSIS}", width, bold)]
    return lines


def _shortened(look: Look, text: str, width: float, bold: bool) -> str:
    """The text, cut so that it fits with an ellipsis at its end."""
    if text_width(look, text, bold=bold) <= width:
        return text
    kept = text.rstrip(ELLIPSIS)
    while kept and text_width(look, kept + ELLIPSIS, bold=bold) > width:
        kept = kept[:-1]
    return kept + ELLIPSIS


@contextmanager
def drawing(look: Look) -> Iterator[None]:
    """The library's options while a figure is drawn; they do not outlive it. Text becomes outlines, so that a figure looks
    the same wherever it is printed."""
    import logging

    from matplotlib import rc_context

    options: dict[Any, Any] = {
        "font.family": _families(look),
        "font.size": look.size,
        "svg.fonttype": "path",
        "svg.hashsalt": "studygen",
        "pdf.fonttype": 42,
        "axes.edgecolor": look.ink,
        "axes.linewidth": 0.8,
        "xtick.color": look.ink,
        "xtick.labelsize": look.size,
        "axes.unicode_minus": True,
        "hatch.linewidth": 0.6,
    }
    quiet = logging.getLogger("matplotlib.font_manager")
    level = quiet.level
    quiet.setLevel(logging.ERROR)
    try:
        with rc_context(options):
            yield
    finally:
        quiet.setLevel(level)


def _families(look: Look) -> list[str]:
    """The brand's typeface, and one with wide coverage for characters that it lacks."""
    return [look.font, "DejaVu Sans"]


def drawn(look: Look, draw: Callable[[], Canvas]) -> Drawn:
    """Draws. Equal drawings, equal bytes. A drawing too tall for a page with its caption and notes is printed smaller."""
    with drawing(look):
        canvas = draw()
        shrink = min(1.0, (look.text_height_cm - CAPTION_ROOM) / canvas.height)
        return saved(canvas, "svg"), saved(canvas, "png"), round(canvas.width * shrink, 2)


def undrawn(look: Look, draw: Callable[[], Canvas]) -> Drawn:
    """Draws nothing, for documents that are read but not written: drawing takes longer than all the rest."""
    del look, draw
    return b"", b"", 0.0


_WITHOUT: dict[PlotFormat, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
}
"""What the drawing library would write into a file and must not."""


def saved(canvas: Canvas, format: PlotFormat) -> bytes:
    """The drawing as the bytes of one file, without date and software version."""
    file = io.BytesIO()
    metadata: Any = _WITHOUT[format]
    canvas.sheet.savefig(file, format=format, dpi=PRINT_DPI, metadata=metadata)
    return file.getvalue()
