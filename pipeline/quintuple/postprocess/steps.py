"""The order of the rules, the group of each, and which of them run when groups are switched off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from quintuple.postprocess.drafts import Rule
from quintuple.postprocess.mending import cut_company, cut_glued, mend_dates, mend_words
from quintuple.postprocess.pieces import close_names, join_pieces
from quintuple.postprocess.plain import plain_date, plain_percentage
from quintuple.postprocess.slots import (
    adopt_plan,
    drop_hypothetical,
    drop_itself,
    read_growth,
    set_company,
    set_counterparty,
    set_date,
    set_percentage,
    set_status,
    set_target,
)
from quintuple.postprocess.spans import (
    complete_names,
    cut_shares,
    drop_compounds,
    drop_fragments,
    drop_overlaps,
    drop_targets,
    trim_spans,
)
from quintuple.postprocess.subjects import (
    aim_at_raiser,
    drop_without_company,
    inherit_company,
    inherit_date,
    inherit_target,
)
from quintuple.postprocess.voice import (
    aim_at_each_other,
    aim_at_pledgee,
    appoint_successor,
    swap_passive,
    take_agent,
    take_counterparty,
)
from quintuple.settings import RuleGroup


@dataclass(frozen=True, slots=True)
class Step:
    """A rule with its group; ``plain`` runs in its place when the group is off. One without a group always runs."""

    rule: Rule
    group: RuleGroup | None = None
    plain: Rule | None = None


#: What happens to the spans of one trigger, before it becomes one draft per company and target.
SPAN_STEPS = (
    Step(drop_hypothetical, "status"),
    Step(drop_compounds, "plausibility"),
    Step(trim_spans, "trimming"),
    Step(cut_shares, "trimming"),
    Step(complete_names, "trimming"),
    Step(close_names, "trimming"),
    Step(join_pieces, "trimming"),
    Step(drop_fragments, "plausibility"),
    Step(drop_targets, "plausibility"),
    Step(drop_overlaps, "plausibility"),
    Step(appoint_successor, "voice"),
    Step(take_agent, "voice"),
    Step(swap_passive, "voice"),
    Step(take_counterparty, "voice"),
    Step(aim_at_pledgee, "voice"),
    Step(aim_at_each_other, "voice"),
    Step(inherit_company, "subjects"),
    Step(aim_at_raiser, "subjects"),
    Step(inherit_target, "subjects"),
    Step(mend_words, "trimming"),
    Step(cut_glued, "trimming"),
    Step(cut_company, "trimming"),
    Step(mend_dates, "dates"),
    Step(drop_without_company, "plausibility"),
    Step(set_status, "status"),
    Step(adopt_plan, "status"),
)

#: What makes the slots of one company and one target; ``names`` and ``pronouns`` work within the lexicon.
SLOT_STEPS = (
    Step(set_percentage, "percentages", plain_percentage),
    Step(set_date, "dates", plain_date),
    Step(set_company),
    Step(inherit_date, "subjects"),
    Step(set_target),
    Step(drop_itself, "plausibility"),
    Step(set_counterparty),
)

#: What completes an event once its mentions are merged: a vague "doubled" gives way to the exact figure before that.
EVENT_STEPS = (Step(read_growth, "percentages"),)


def rules_of(steps: tuple[Step, ...], *, off: Collection[RuleGroup] = ()) -> tuple[Rule, ...]:
    """Return the rules that run when some groups are off."""
    chosen = (step.plain if step.group in off else step.rule for step in steps)
    return tuple(rule for rule in chosen if rule is not None)
