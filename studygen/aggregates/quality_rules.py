"""The rules on deliveries of quality figures by their ids: what a delivery must be before its figures are taken in. The rules
themselves stand in `quality_form`, `quality_numbers` and `quality_disclosure`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from studygen.aggregates.manifest import it_is_this_registrys, it_says_when_and_by_what, its_files_are_unchanged
from studygen.aggregates.quality_disclosure import no_small_count_is_shown
from studygen.aggregates.quality_form import (
    figures_are_whole,
    it_is_for_this_dossier,
    items_belong_to_the_indicator,
    its_nature_agrees_with_the_dossier,
    nothing_is_sent_twice,
    rows_are_about_indicators,
    statistics_fit_the_unit,
    years_have_been,
)
from studygen.aggregates.quality_numbers import (
    counts_are_whole,
    figures_can_occur,
    no_part_exceeds_its_whole,
    ratios_agree_with_their_parts,
)
from studygen.aggregates.quality_subject import QualityCovering, QualityDelivered
from studygen.errors import Fault

QUALITY_MANIFEST_RULES: Mapping[str, Callable[[QualityCovering], Iterator[Fault]]] = {
    "A20": it_is_this_registrys,
    "A40": it_is_for_this_dossier,
    "A41": its_nature_agrees_with_the_dossier,
    "A23": it_says_when_and_by_what,
    "A25": its_files_are_unchanged,
}
QUALITY_ROW_RULES: Mapping[str, Callable[[QualityDelivered], Iterator[Fault]]] = {
    "A42": rows_are_about_indicators,
    "A43": items_belong_to_the_indicator,
    "A44": years_have_been,
    "A45": statistics_fit_the_unit,
    "A07": nothing_is_sent_twice,
    "A08": counts_are_whole,
    "A12": figures_are_whole,
    "A46": no_part_exceeds_its_whole,
    "A47": figures_can_occur,
    "A48": ratios_agree_with_their_parts,
    "R11": no_small_count_is_shown,
}
"""By the rule's id in `templates/guidance/rules/deliveries.yaml`."""
