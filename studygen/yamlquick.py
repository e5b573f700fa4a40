"""YAML read by libyaml where PyYAML is installed, ten times as fast as without: reading would take half the time of a check.
Gives the same nodes as the careful reader of `yamlfile`, or none; then that one reads, and says what is wrong."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_CORE = "tag:yaml.org,2002:"
_KINDS = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?[0-9]+", list("-+0123456789")),
    "float": (
        r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?",
        list("-+0123456789."),
    ),
    "timestamp": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", list("0123456789")),
    "merge": (r"<<", ["<"]),
}
"""What a value without quotes is by YAML 1.2 (`yes` and `no` are texts, as are times, octal and hexadecimal numbers here);
libyaml leaves this to its caller. Patterns, and the characters that a value of the kind begins with."""

_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
"""Line breaks of YAML 1.1, which libyaml knows, and not of 1.2."""


def quickly_composed(text: str) -> Any:
    """The nodes of a text; None when libyaml is not there, cannot read the text, or would read it otherwise than YAML 1.2."""
    parser = _parser()
    if parser is None or _OTHER_BREAKS.search(text):
        return None
    from yaml import YAMLError

    try:
        return parser(text).get_single_node()
    except YAMLError:
        return None


@cache
def _parser() -> Any:
    try:
        from yaml._yaml import CParser
        from yaml.resolver import BaseResolver
    except ImportError:
        return None

    class Parser(CParser, BaseResolver):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            BaseResolver.__init__(self)

    for kind, (pattern, first) in _KINDS.items():
        Parser.add_implicit_resolver(f"{_CORE}{kind}", re.compile(f"^(?:{pattern})$"), first)
    return Parser
