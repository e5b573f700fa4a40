"""The theme and the font table: what Word offers in its menus, so that a reviewer who adds something finds the brand's colours
and faces. No style depends on them."""

from __future__ import annotations

from itertools import cycle, islice

from studygen.writers.docx_xml import DECLARED, colour, escaped
from studygen.writers.style import Style

_DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_OWN = '<a:schemeClr val="phClr"/>'


def theme_xml(style: Style) -> str:
    """The brand's colours and faces as a theme; fills, lines and effects are plain."""
    colours = style.colours
    named = [
        ("dk1", colours.ink),
        ("lt1", "#ffffff"),
        ("dk2", colours.heading),
        ("lt2", colours.shade),
        *((f"accent{number}", value) for number, value in enumerate(islice(cycle(colours.series), 6), start=1)),
        ("hlink", colours.link),
        ("folHlink", colours.link),
    ]
    palette = "".join(f'<a:{name}><a:srgbClr val="{colour(value)}"/></a:{name}>' for name, value in named)
    faces = "".join(
        f'<a:{kind}Font><a:latin typeface="{escaped(face.docx)}"/><a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
        for kind, face in (("major", style.fonts.heading), ("minor", style.fonts.body))
    )
    fill = f"<a:solidFill>{_OWN}</a:solidFill>"
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'<a:theme {_DRAWING} name="studygen"><a:themeElements><a:clrScheme name="studygen">{palette}</a:clrScheme>'
        f'<a:fontScheme name="studygen">{faces}</a:fontScheme><a:fmtScheme name="studygen">'
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )


def fonts_xml(style: Style) -> str:
    """The faces the document asks for."""
    faces = dict.fromkeys((style.fonts.body.docx, style.fonts.heading.docx, style.fonts.mono.docx))
    entries = "".join(f'<w:font w:name="{escaped(face)}"/>' for face in faces)
    return f"<w:fonts {DECLARED}>{entries}</w:fonts>"
