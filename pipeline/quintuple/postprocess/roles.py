"""Says which figure a change starts from, which it ends at, and by how much it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from quintuple.postprocess.mentions import Mention
from quintuple.postprocess.wording import action_types, strip_approx, wording

#: ``range`` is one end of a range; ``level`` neither start, end nor change; ``more`` an addition, ``growth`` a change
#: if the action is one.
Role = Literal["from", "to", "by", "range", "level", "more", "growth"]

_ORDER: tuple[Role, ...] = ("to", "from", "by", "growth", "level")
#: How far before a figure its role may be said, in characters.
_REACH = 40


@dataclass(frozen=True, slots=True)
class Roles:
    """The figures of a change, in percent; ``level`` says that some figure states a level."""

    from_: float | None = None
    to: float | None = None
    by: float | None = None
    level: bool = False


def assign_roles(folded: str, mentions: Sequence[Mention], *, action: str) -> Roles:
    """Return the roles of the mentions, which stand in text order in the folded sentence."""
    roles = [_role_before(folded, mentions, index) for index in range(len(mentions))]
    for index in range(len(mentions) - 1):
        _relate(folded, mentions, roles, index, action)
    _settle(roles, action)
    return _collect(mentions, roles, action)


def is_pair(folded: str, left: Mention, right: Mention) -> bool:
    """Say whether two neighbours are the two ends of one range or of one change."""
    gap = strip_approx(folded[left.end : right.start])
    if wording()["gap_pair"].match(gap):
        return True
    if gap.strip() == "and":
        return folded[: left.start].rstrip().endswith("between")
    return left.unit != "points" and wording()["gap_change"].match(gap) is not None


def _role_before(folded: str, mentions: Sequence[Mention], index: int) -> Role | None:
    mention = mentions[index]
    if len(mention.values) > 1:
        return "range"
    if mention.unit == "growth":
        return "by"
    lower = max(mentions[index - 1].end if index else 0, mention.start - _REACH)
    raw = folded[lower : mention.start]
    if mention.unit == "percent" and wording()["more"].search(raw):
        return "more"
    before = strip_approx(raw)
    if wording()["whole"].search(before):
        return "level"
    role = next((role for role in _ORDER if wording()[role].search(before)), None)
    if mention.unit == "points":
        return role if role in ("to", "from") else "by"
    return (
        "growth"
        if role in (None, "level") and wording()["noun"].match(folded[mention.end : mention.end + 30])
        else role
    )


def _relate(folded: str, mentions: Sequence[Mention], roles: list[Role | None], index: int, action: str) -> None:
    """Correct the roles of two neighbours by what stands between them."""
    left, right = mentions[index], mentions[index + 1]
    gap = strip_approx(folded[left.end : right.start])
    if left.unit == "points" and right.unit != "points" and wording()["gap_to"].search(gap):
        roles[index : index + 2] = ["by", "to"]
    elif left.unit != "points" and wording()["gap_change"].match(gap):
        roles[index : index + 2] = ["from", "to"]
    elif left.unit == right.unit and wording()["gap_range"].match(gap):
        roles[index : index + 2] = _ends(left, right, roles[index], gap.strip(), action)
    elif right.unit == "points" and left.unit == "percent" and roles[index] in (None, "level", "to"):
        roles[index : index + 2] = ["to", "by"]
    elif roles[index + 1] == "to" and action in action_types("turned") and roles[index] in (None, "level", "growth"):
        roles[index] = "from" if wording()["stake_noun"].match(folded, left.end) else roles[index]


def _ends(left: Mention, right: Mention, role: Role | None, gap: str, action: str) -> list[Role | None]:
    """Tell "from 5% to 7%", "to 7% from 5%" and the falling "7% to 5%" from the range "5% to 7%"."""
    falling = left.values[0] > right.values[-1]
    if gap == "from":
        return ["to", "from"]
    if gap in ("to", "至", "到") and (role == "from" or (falling and action in action_types("turned"))):
        return ["from", "to"]
    return ["range", "range"]


def _settle(roles: list[Role | None], action: str) -> None:
    """Decide the tentative roles, and give the one figure of a growth that has no role its "by"."""
    growing, ends = action in action_types("growth"), "to" in roles
    for index, role in enumerate(roles):
        if role == "growth":
            roles[index] = "by" if growing else None
        elif role == "more":
            roles[index] = "by" if ends or action in action_types("turned") else None
        elif role == "from" and not ends:
            roles[index] = "level"
    open_ = [index for index, role in enumerate(roles) if role is None]
    if growing and len(open_) == 1 and not {"by", "to", "range"}.intersection(roles):
        roles[open_[0]] = "by"


def _collect(mentions: Sequence[Mention], roles: Sequence[Role | None], action: str) -> Roles:
    def value(role: Role) -> float | None:
        values = [one.values[0] for one, given in zip(mentions, roles, strict=True) if given == role]
        return values[0] if len(values) == 1 else None

    by = value("by")
    if by is not None and action == "metric_down":
        by = abs(by)
    result = Roles(from_=value("from"), to=value("to"), by=by, level="level" in roles)
    alone = action == "metric_level" and result.from_ is None and result.by is None
    return replace(result, to=None) if alone else result
