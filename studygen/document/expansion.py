"""First uses: where a known abbreviation first stands in running prose it is written out, "long form (SHORT)". Knows sentences,
brackets and articles as far as they change around the long form; headings, captions and tables keep the short forms."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from studygen.definition import LongForm
from studygen.document.nodes import (
    Block,
    Callout,
    Document,
    Emphasis,
    Footnote,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Strong,
    Text,
    plain_text,
)

PROSE: Final = frozenset({"body", "lead", "note", "small"})
"""Styles of paragraphs that are running prose."""

_NAME_GOES_ON = re.compile(r"\s[A-Z][a-zà-ÿ]")
"""A word with a capital right after a short form makes it part of a name: "German MS Register"."""

_SENTENCE_BEGINS = re.compile(r"(?:^|(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bcf)[.!?][”\"’)]?\s)\s*$")
_ARTICLE = re.compile(r"\b[Aa]n?(?=\s$)")
_VOWEL_LETTER, _VOWEL_SOUND = re.compile(r"[aeiouAEIOU]"), re.compile(r"(?i:eu|uni|use|one\b)")


def expand_first_uses(document: Document, known: Mapping[str, LongForm], apart: Collection[str] = ()) -> Document:
    """The document with the first use of every known abbreviation in its body's prose written out, unless the text does so
    itself. `apart` are ids of sections that are texts of their own, as the abstract is: they are expanded anew."""
    pattern = _short_forms(known)
    if pattern is None:
        return document
    masks = [document.meta.title, document.meta.short_title, *(written_out(entry.long) for entry in known.values())]
    mask = _any_of(text for text in masks if text and pattern.search(text))
    whole = _Text(known, pattern, mask)
    current, level = whole, 0
    body: list[Block] = []
    for block in document.body:
        if isinstance(block, Heading):
            if block.id in apart:
                current, level = _Text(known, pattern, mask), block.level
            elif block.level <= level:
                current, level = whole, 0
        body.append(_expanded(block, current))
    return replace(document, body=tuple(body))


def written_out(long: str) -> str:
    """A long form as prose prints it: without the remark in brackets that explains it in the list."""
    return re.sub(r"\s*\([^()]*\)$", "", long)


def several(long: str) -> str:
    """The plural of a long form: that of its noun, which stands last or before "of"."""
    noun, of, rest = long.partition(" of ")
    if re.search(r"[^aeiou]y$", noun):
        noun = f"{noun[:-1]}ies"
    elif re.search(r"(s|x|z|ch|sh)$", noun):
        noun = f"{noun}es"
    else:
        noun = f"{noun}s"
    return noun + of + rest


@dataclass(slots=True)
class _Text:
    """One text in which every abbreviation is written out once, and those that have been."""

    known: Mapping[str, LongForm]
    pattern: re.Pattern[str]
    mask: re.Pattern[str] | None
    """Names that hold a short form and stay as they are: titles, and long forms themselves."""
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    text: str


def _short_forms(known: Mapping[str, LongForm]) -> re.Pattern[str] | None:
    """The short forms that are written out, as whole words; parts of compounds, document numbers and ids are left alone."""
    shorts = sorted((short for short, entry in known.items() if entry.expand and entry.long), key=len, reverse=True)
    if not shorts:
        return None
    return re.compile(rf"(?<![\w/–-])(?P<short>{'|'.join(map(re.escape, shorts))})(?P<plural>s?)(?![\w/–-])")


def _any_of(texts: Iterator[str]) -> re.Pattern[str] | None:
    found = sorted(set(texts), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, found)), re.IGNORECASE) if found else None


def _expanded(block: Block, text: _Text, in_list: bool = False) -> Block:
    match block:
        case Paragraph(children, style) if style in PROSE and (in_list or not _is_label(children)):
            changes = _changes(plain_text(children), list(_prose_spans(children, 0)), text)
            return replace(block, children=_rebuilt(children, 0, changes)) if changes else block
        case ListBlock(items):
            return replace(block, items=tuple(tuple(_expanded(inner, text, in_list=True) for inner in item) for item in items))
        case Callout(blocks):
            return replace(block, blocks=tuple(_expanded(inner, text) for inner in blocks))
    return block


def _is_label(children: tuple[Inline, ...]) -> bool:
    """Whether a paragraph is all bold and so heads what follows, or holds no sentence, as a line of keywords does."""
    bold = len(children) == 1 and isinstance(children[0], Strong)
    return bold or not re.search(r"[.?!:]", plain_text(children))


def _length(node: Inline) -> int:
    return len(plain_text((node,)))


def _prose_spans(children: tuple[Inline, ...], offset: int) -> Iterator[tuple[int, int]]:
    """Where plain words stand in a paragraph's characters; codes, links, values, citations and references are not plain words."""
    for node in children:
        if isinstance(node, Text):
            yield offset, offset + len(node.text)
        elif isinstance(node, Emphasis | Strong):
            yield from _prose_spans(node.children, offset)
        offset += _length(node)


def _changes(plain: str, spans: list[tuple[int, int]], text: _Text) -> list[_Change]:
    """What becomes of the first uses in a paragraph, in order."""
    masked = [match.span() for match in text.mask.finditer(plain)] if text.mask else []
    changes: list[_Change] = []
    for match in text.pattern.finditer(plain):
        short = match["short"]
        if short in text.seen or any(start <= match.start() and match.end() <= end for start, end in masked):
            continue
        before, after = plain[: match.start()], plain[match.end() :]
        long = written_out(text.known[short].long)
        if _is_spelled_out(before, after, long):
            text.seen.add(short)
        elif any(start <= match.start() and match.end() <= end for start, end in spans) and not _NAME_GOES_ON.match(after):
            text.seen.add(short)
            changes += _article(before, long, spans)
            changes.append(_in_full(match, before, after, long))
    return changes


def _is_spelled_out(before: str, after: str, long: str) -> bool:
    """Whether the text itself gives the long form: right before ("… study (PASS)"), before the bracket it stands in ("… plan (EU
    RMP category 3)"), or after ("PASS, post-authorisation …")."""
    forms = (long.casefold(), several(long).casefold())
    outside = before[: before.rindex("(")] if before.count("(") > before.count(")") else before
    return (
        before.rstrip(" \u00a0([,“\"'‘").casefold().endswith(forms)
        or outside.rstrip().casefold().endswith(forms)
        or re.sub(r"^[\s,:;=([–—]*(?:the\s+)?", "", after).casefold().startswith(forms)
    )


def _in_full(match: re.Match[str], before: str, after: str, long: str) -> _Change:
    short, end = match[0], match.end()
    form = several(long) if match["plural"] else long
    if _SENTENCE_BEGINS.search(before):
        form = form[:1].upper() + form[1:]
    owner = re.match(r"[’']s\b", after)
    if owner:
        form, end = form + owner[0], end + len(owner[0])
    if before.count("(") <= before.count(")"):
        return _Change(match.start(), end, f"{form} ({short})")
    if before.endswith("(") and after.startswith(")"):
        return _Change(match.start(), end, f"{form}, {short}")
    return _Change(match.start(), end, f"{form} [{short}]")  # round brackets do not stand in round brackets


def _article(before: str, long: str, spans: list[tuple[int, int]]) -> list[_Change]:
    """The indefinite article before the short form ("an MS registry") as the long form needs it ("a multiple sclerosis …")."""
    found = _ARTICLE.search(before)
    if found is None or not any(start <= found.start() and found.end() <= end for start, end in spans):
        return []
    vowel = _VOWEL_LETTER.match(long) and not _VOWEL_SOUND.match(long)
    return [_Change(found.start(), found.end(), found[0][0] + ("n" if vowel else ""))]


def _rebuilt(children: tuple[Inline, ...], offset: int, changes: list[_Change]) -> tuple[Inline, ...]:
    rebuilt: list[Inline] = []
    for node in children:
        width = 0 if isinstance(node, Footnote) else _length(node)
        here = [change for change in changes if offset <= change.start and change.end <= offset + width]
        if here and isinstance(node, Text):
            words = node.text
            for change in reversed(here):
                words = words[: change.start - offset] + change.text + words[change.end - offset :]
            rebuilt.append(Text(words))
        elif here and isinstance(node, Emphasis | Strong):
            rebuilt.append(replace(node, children=_rebuilt(node.children, offset, here)))
        else:
            rebuilt.append(node)
        offset += width
    return tuple(rebuilt)
