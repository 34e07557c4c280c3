"""What requests and responses look like; the OpenAPI document is made from it.

Offsets are code points into the article's text, as in EVENTS.md; the page converts them from the browser's UTF-16.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from quintuple.events import Language, PartyKind, PercentageKind, Status
from quintuple.web.records import cleaned
from quintuple.web.settings import web_settings

_LIMITS = web_settings().limits

#: Text without the halves of characters that JSON can write and no file can hold.
Text = Annotated[str, AfterValidator(cleaned)]
Name = Annotated[Text, Field(min_length=1, max_length=500)]
Offset = Annotated[int, Field(ge=0, le=1_000_000_000, description="Code points into the article's text.")]
Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
Edtf = Annotated[Text, Field(min_length=1, max_length=100, description="A date in EDTF, level 1 or 2.")]


class Model(BaseModel):
    """A JSON object whose unknown fields are passed over."""

    model_config = ConfigDict(extra="ignore")


class ArticleIn(Model):
    """An article to extract."""

    text: Annotated[Text, Field(min_length=1, max_length=_LIMITS.max_text, examples=["Tencent cut its stake in Sea."])]
    id: Name | None = None
    title: Annotated[Text, Field(max_length=1000)] | None = None
    published: date | None = Field(None, description="The day that relative dates are resolved against.")
    language: Language | None = Field(None, description="Told from the text when not given.")


class BatchIn(Model):
    """Articles to extract."""

    articles: Annotated[list[ArticleIn], Field(min_length=1, max_length=_LIMITS.max_batch)]


class SpanOut(Model):
    """A piece of the article: text is article.text[start:end]."""

    text: str
    start: int
    end: int
    confidence: float | None = None


class PartyOut(SpanOut):
    """A company, target or counterparty."""

    name: str
    id: str | None = None
    kind: PartyKind = "company"


class ActionOut(SpanOut):
    """The trigger with its type."""

    type: str


class PercentageOut(SpanOut):
    """All the percentages of an event, in percent."""

    spans: list[SpanOut]
    values: list[float]
    from_: float | None = Field(None, alias="from")
    to: float | None = None
    by: float | None = None
    kind: PercentageKind = "other"


class DateOut(SpanOut):
    """When the action happens."""

    edtf: str | None = None
    earliest: str | None = None
    latest: str | None = None


class EventOut(Model):
    """One quintuple with its evidence."""

    company: PartyOut | None
    action: ActionOut
    target: PartyOut | None
    percentage: PercentageOut | None
    date: DateOut | None
    counterparty: PartyOut | None
    status: Status
    confidence: float | None = None
    sentence: list[int]


class ArticleOut(Model):
    """An article with its events, as `quintuple extract` writes it."""

    schema_version: Literal[1]
    id: str
    path: str | None
    language: Language
    title: str | None
    published: str | None
    text: str
    events: list[EventOut]


class FailureOut(Model):
    """An article of a batch that could not be extracted."""

    id: str
    error: str


class BatchOut(Model):
    """One result for each article, in order."""

    results: list[ArticleOut | FailureOut]


class HealthOut(Model):
    """That the server lives, and how much it has to do."""

    status: Literal["ok"]
    version: str
    running: int
    waiting: int


class SpanIn(Model):
    """A piece of the article."""

    start: Offset
    end: Offset


class ActionIn(SpanIn):
    """A trigger with its type."""

    type: Name


class PartyIn(SpanIn):
    """A company, target or counterparty as the reviewer has it."""

    name: Name
    id: Name | None = None
    kind: PartyKind = "company"


class PercentageIn(Model):
    """A percentage as the reviewer has it."""

    spans: Annotated[list[SpanIn], Field(min_length=1, max_length=_LIMITS.max_spans)]
    values: Annotated[list[Number], Field(min_length=1, max_length=_LIMITS.max_spans)]
    from_: Number | None = Field(None, alias="from")
    to: Number | None = None
    by: Number | None = None
    kind: PercentageKind = "other"


class DateIn(SpanIn):
    """A date as the reviewer has it; its bounds follow from ``edtf``."""

    edtf: Edtf | None = None


class EventIn(Model):
    """An event as the reviewer has it; ``origin`` is the place of the model's event that it was made from."""

    company: PartyIn | None = None
    action: ActionIn
    target: PartyIn | None = None
    percentage: PercentageIn | None = None
    date: DateIn | None = None
    counterparty: PartyIn | None = None
    status: Status = "occurred"
    origin: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class ReviewIn(Model):
    """The events of an article that a reviewer takes for right and complete."""

    published: date | None = None
    events: Annotated[list[EventIn], Field(max_length=_LIMITS.max_events)]


class DraftIn(Model):
    """The spans of an event whose normal forms are asked for."""

    action: ActionIn
    company: SpanIn | None = None
    target: SpanIn | None = None
    percentage: Annotated[list[SpanIn], Field(max_length=_LIMITS.max_spans)] = []
    date: DateIn | None = None
    counterparty: SpanIn | None = None
    status: Status | None = Field(None, description="Read from the text when not given.")


class NormalizeIn(Model):
    """An event's spans and the article they lie in; ``anchor`` is a date that a relative one leans on."""

    text: Annotated[Text, Field(min_length=1, max_length=_LIMITS.max_text)]
    published: date | None = None
    language: Language | None = None
    anchor: Edtf | None = None
    event: DraftIn


class EntryOut(Model):
    """A line of the list of articles."""

    key: int
    id: str
    label: str
    language: Language | None
    published: str | None
    events: int | None
    confidence: float | None
    state: Literal["open", "reviewed"]


class ListOut(Model):
    """A part of the list of articles."""

    total: int
    items: list[EntryOut]


class ReviewEvent(EventOut):
    """An event on the page."""

    origin: int | None = None


class DocumentOut(Model):
    """An article on the page: the model's events, and the reviewer's if it was saved."""

    entry: EntryOut
    text: str
    title: str | None
    path: str | None
    events: list[ReviewEvent]
    original: int = Field(description="How many events the model had found.")


class OpenedOut(Model):
    """The articles of a dropped file, and what in it could not be read."""

    items: list[EntryOut]
    problems: list[str]


class SessionOut(Model):
    """What is reviewed, where it is saved, and the words and limits that the page needs."""

    source: str | None
    output: str
    articles: int
    reviewed: int
    corrections: int
    problems: list[str]
    types: list[str]
    hints: dict[str, list[str]] = Field(description="Words that often trigger a type.")
    limits: dict[str, int]


class SavedOut(Model):
    """What was saved: the corrections of this article, and of all in the file."""

    output: str
    changed: int
    reviewed: int
    corrections: int


class RetrainOut(Model):
    """How to train a model on the corrections."""

    output: str
    reviewed: int
    corrections: int
    config: str
    commands: list[str]
    weights: bool = Field(description="Whether the model in use holds float weights to start from.")
