"""How an analysis is called where a reader meets it: one that was added after the plan carries that in its label, so that no
heading, caption or sentence that names it can leave it out."""

from __future__ import annotations

from studygen.displays.texts import DisplayTexts
from studygen.study.study import Study


def labelled(study: Study, texts: DisplayTexts) -> Study:
    """The study whose post hoc analyses are labelled so. Templates and displays are given no other."""
    if not any(each.post_hoc for each in study.analyses):
        return study
    analyses = tuple(
        each.model_copy(update={"label": texts.word("analysis_origin", "post_hoc").format(label=each.label)})
        if each.post_hoc
        else each
        for each in study.analyses
    )
    return study.model_copy(update={"analyses": analyses})
