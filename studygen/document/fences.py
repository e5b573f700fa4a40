"""Fences with a name in braces: slots for tables and figures, generated lists, boxed remarks, styled paragraphs. Reads a fence's
first line and its `key: value` lines; Markdown inside a fence is read by `parsing`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from studygen.document.inlines import Notes
from studygen.document.markup import unescape_markdown
from studygen.document.nodes import Bibliography, Contents, PageBreak, ParagraphStyle, Slot
from studygen.errors import Place, did_you_mean

ABBREVIATIONS = Slot("table", "tbl-abbreviations", "abbreviations")
"""The place of the list of abbreviations, which the document fills itself."""

CalloutKind = Literal["note", "warning"]
FenceStyle = Literal["title", "subtitle", "lead", "note", "small"]
ContentsKind = Literal["sections", "tables", "figures"]
PREFIXES = {"table": "tbl-", "figure": "fig-"}

_FIRST_LINE = re.compile(r"\{([^}]*)\}\s*(.*)")
_OPTION = re.compile(r"([A-Za-z][\w-]*)\s*:\s*(.*)")


@dataclass(frozen=True, slots=True)
class Boxed:
    """A fence whose Markdown becomes a callout."""

    kind: CalloutKind


@dataclass(frozen=True, slots=True)
class Styled:
    """A fence whose Markdown paragraphs get a style."""

    style: ParagraphStyle


Fence = Slot | Contents | Bibliography | PageBreak | Boxed | Styled


def read_fence(first_line: str, body: str, place: Callable[[int], Place], notes: Notes) -> Fence | None:
    """What a fence stands for; None after a fault. `place(n)` is the place of the fence's n-th line, the first being 0."""
    match = _FIRST_LINE.fullmatch(first_line.strip())
    name, argument = (match[1].strip(), match[2].strip()) if match else ("", "")
    fence = _Fence(name, argument, body, place, notes)
    if name not in FENCES:
        fence.fault(f'"{{{name}}}" is not a known fence', did_you_mean(name, FENCES))
        return None
    return FENCES[name](fence)


Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class _Fence:
    name: str
    argument: str
    body: str
    place: Callable[[int], Place]
    notes: Notes

    def fault(self, what: str, remedy: str, line: int = 0) -> None:
        self.notes.fault(self.place(line), what, remedy)

    def one_of(self, words: tuple[Word, ...]) -> Word | None:
        """The argument as one of a closed list."""
        for word in words:
            if word == self.argument:
                return word
        said = f'"{self.argument}"' if self.argument else "nothing"
        self.fault(f"```{{{self.name}}} is followed by {said}", f"Write one of: {', '.join(words)}.")
        return None

    def is_bare(self) -> bool:
        """Checks that the fence has neither argument nor content."""
        if self.argument or self.body.strip():
            self.fault(f"```{{{self.name}}} holds something", "It stands alone: nothing after it and nothing in it.")
            return False
        return True

    def options(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(self.body.split("\n"), start=1):
            if not line.strip():
                continue
            match = _OPTION.fullmatch(line.strip())
            if match is None or not match[2]:
                self.fault(f'"{line.strip()}" is not an option', "Write key: value, one on a line.", number)
            elif match[1] in found:
                self.fault(f'the option "{match[1]}" stands twice', "Keep one of the two lines.", number)
            else:
                found[match[1]] = unescape_markdown(match[2])
        return found


def _slot(fence: _Fence) -> Slot | None:
    kind: Literal["table", "figure"] = "table" if fence.name == "table" else "figure"
    prefix = PREFIXES[kind]
    if not fence.argument.startswith(prefix) or fence.argument == prefix or " " in fence.argument:
        said = f'"{fence.argument}"' if fence.argument else "nothing"
        fence.fault(f"```{{{kind}}} is followed by {said}", f"Write its id, which begins with {prefix}: ```{{{kind}}} {prefix}….")
        return None
    options = fence.options()
    display = options.pop("display", fence.argument.removeprefix(prefix))
    return Slot(kind, fence.argument, display, tuple(options.items()), fence.place(0).line or 0)


def _contents(fence: _Fence) -> Contents | None:
    kind = fence.one_of(get_args(ContentsKind))
    return Contents(kind) if kind else None


def _bibliography(fence: _Fence) -> Bibliography | None:
    return Bibliography() if fence.is_bare() else None


def _abbreviations(fence: _Fence) -> Slot | None:
    return ABBREVIATIONS if fence.is_bare() else None


def _page_break(fence: _Fence) -> PageBreak | None:
    return PageBreak() if fence.is_bare() else None


def _callout(fence: _Fence) -> Boxed | None:
    kind = fence.one_of(get_args(CalloutKind))
    return Boxed(kind) if kind else None


def _style(fence: _Fence) -> Styled | None:
    style = fence.one_of(get_args(FenceStyle))
    return Styled(style) if style else None


FENCES: dict[str, Callable[[_Fence], Fence | None]] = {
    "table": _slot,
    "figure": _slot,
    "contents": _contents,
    "bibliography": _bibliography,
    "abbreviations": _abbreviations,
    "pagebreak": _page_break,
    "callout": _callout,
    "style": _style,
}
"""Every fence there is."""
