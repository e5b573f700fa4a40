"""What surrounds the text of the reading version: head with its security policy, the bar with states and tools, the pop-up of
provenance, data and script. Knows the meta data and the style, and no nodes of the tree."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from html import escape

from studygen.document.nodes import Meta
from studygen.writers.html_frame import custom_properties, properties
from studygen.writers.style import Style

SCRIPT_WORDS = ("search_count", "search_none", "back")
"""Words of the script beside those that begin with `trace_`."""


def reading_head(meta: Meta, style: Style, css: str, script: str) -> str:
    """Properties, style sheet, and a policy under which the browser fetches nothing and runs no script but ours."""
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        (
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            *properties(meta),
            f"<style>\n{colours(style)}\n{css}{on_every_sheet(meta, style)}</style>",
            "</head>",
        )
    )


def colours(style: Style) -> str:
    """The brand as custom properties, on light and on dark ground."""
    faces = (("body", style.fonts.body), ("heading", style.fonts.heading), ("mono", style.fonts.mono))
    fonts = " ".join(f'--font-{name}: "{face.pdf}", "{face.docx}";' for name, face in faces)
    dark = " ".join(f"--colour-{name.replace('_', '-')}: {colour};" for name, colour in style.dark.model_dump().items())
    return (
        f":root {{ {custom_properties(style)} {fonts} --colour-paper: #ffffff; color-scheme: light }}\n"
        f"@media screen {{ :root[data-theme=dark] {{ {dark} color-scheme: dark }} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {dark} color-scheme: dark }} }}"
    )


def on_every_sheet(meta: Meta, style: Style) -> str:
    """The states on every page when the browser prints, as CSS."""
    text = re.sub(r'[\\"\n<]', lambda found: f"\\{ord(found[0]):x} ", " · ".join(meta.marks))
    look = f"font: bold {style.sizes.running}pt sans-serif; color: {style.colours.mark}"
    return f'@page {{ @top-center {{ content: "{text}"; {look} }} }}\n' if text else ""


def bar(meta: Meta) -> str:
    """What stays on top: the states a reader must see, what document this is, and the tools. Those that need the script are
    hidden until it runs."""
    marks = f'<p class="marks">{escape(" · ".join(meta.marks), quote=False)}</p>' if meta.marks else ""
    identity = " · ".join((meta.reference, f"{meta.label('version')} {meta.version}", meta.date_text))
    search, contents = escape(meta.label("search")), escape(meta.label("contents"))
    return (
        f'<header class="bar">\n{marks}\n<div class="tools">'
        f'<button type="button" class="open-contents" popovertarget="contents" aria-label="{contents}">☰</button>'
        f'<p class="identity"><strong>{escape(meta.kind, quote=False)}</strong> <span>{escape(identity, quote=False)}</span></p>'
        f'<div class="search" role="search" hidden><input type="search" aria-label="{search}" placeholder="{search}" '
        'aria-keyshortcuts="/" spellcheck="false"><output aria-live="polite"></output>'
        f'<button type="button" class="previous" aria-label="{escape(meta.label("search_previous"))}">↑</button>'
        f'<button type="button" class="next" aria-label="{escape(meta.label("search_next"))}">↓</button></div>'
        f'<button type="button" class="theme" aria-label="{escape(meta.label("theme"))}" hidden></button></div>\n</header>'
    )


def provenance(meta: Meta) -> str:
    """The pop-up that the script fills."""
    return (
        '<div id="provenance" popover role="dialog" aria-labelledby="provenance-number" tabindex="-1">'
        f'<button type="button" class="close" popovertarget="provenance" popovertargetaction="hide" '
        f'aria-label="{escape(meta.label("close"))}">×</button><div class="facts"></div></div>'
    )


def scripts(meta: Meta, trace: Mapping[str, object], script: str) -> str:
    """The trace and the words as data, and the script."""
    words = {key: text for key, text in meta.labels if key in SCRIPT_WORDS or key.startswith("trace_")}
    data = json.dumps({"words": words, "trace": trace}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # "</script>" inside a text would end the element; JSON reads \u003c as "<".
    data = data.replace("<", "\\u003c")
    return f'<script type="application/json" id="data">{data}</script>\n<script>{script}</script>'
