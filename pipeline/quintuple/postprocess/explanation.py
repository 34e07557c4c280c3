"""Says in words what the rules do that an explanation names."""

from __future__ import annotations

import inspect

from quintuple.postprocess.pairing import expand, split_plural
from quintuple.postprocess.steps import EVENT_STEPS, SLOT_STEPS, SPAN_STEPS

#: What is noted beside the names of the rules.
_NOTES = {
    "alias_table": "Take the name that the table of companies gives.",
    "article_alias": "Take the longer name that the article gives.",
    "antecedent": "Take the name that a pronoun or general word means.",
    "pair_values": "Give each percentage or date to the company or target that the wording pairs it with.",
    "merge_mentions": "Merge with other mentions of the same event.",
}


def describe_rule(name: str) -> str:
    """Return one sentence on a rule, empty for one that is not known."""
    steps = (*SPAN_STEPS, *SLOT_STEPS, *EVENT_STEPS)
    rules = {step.rule.__name__: step.rule for step in steps}
    rules |= {step.plain.__name__: step.plain for step in steps if step.plain}
    described = rules.get(name) or {"expand": expand, "split_plural": split_plural}.get(name)
    if described is None:
        return _NOTES.get(name, "")
    return (inspect.getdoc(described) or "").partition("\n")[0]
