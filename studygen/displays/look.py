"""The look of figures: typeface and colours from `style/brand.yaml`, the one place where they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studygen.errors import DefinitionError, Fault, Place


@dataclass(frozen=True, slots=True)
class Look:
    """What a drawing needs of the brand. Sizes in points, colours as `#rrggbb`; `text_width_cm` and `text_height_cm` are
    the printed width and height between the margins of a portrait page."""

    font: str
    size: float
    ink: str
    muted: str
    rule: str
    shade: str
    accent: str
    series: tuple[str, ...]
    text_width_cm: float
    text_height_cm: float

    @staticmethod
    def from_brand(brand: Mapping[str, Any]) -> Look:
        """The look that a merged brand.yaml describes; DefinitionError naming the key that is missing."""
        try:
            colours, page = brand["colours"], brand["page"]
            return Look(
                font=str(brand["fonts"]["body"]["pdf"]),
                size=float(brand["sizes"]["table"]),
                ink=str(colours["ink"]),
                muted=str(colours["muted"]),
                rule=str(colours["rule"]),
                shade=str(colours["shade"]),
                accent=str(colours["accent"]),
                series=tuple(str(colour) for colour in colours["series"]),
                text_width_cm=float(page["width"]) - float(page["margin_left"]) - float(page["margin_right"]),
                text_height_cm=float(page["height"]) - float(page["margin_top"]) - float(page["margin_bottom"]),
            )
        except KeyError as error:
            raise DefinitionError(
                Fault(Place("style/brand.yaml", path=str(error.args[0])), f'"{error.args[0]}" is missing')
            ) from None
