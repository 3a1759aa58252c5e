"""Practices: exercises that belong to a section, read from `practices.yaml` and brought into one shape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.guide.errors import CorpusError
from app.guide.nouns import Practice, PracticePart

Kind = Literal["check_in", "exercise", "questions", "frame", "actions", "menu"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Step(_Strict):
    """A step of a check-in, with sentences to read aloud."""

    title: str
    minutes: int = Field(ge=0)
    say: list[str]


class Turn(_Strict):
    """A turn of an exercise: whose it is, how long, and what is done."""

    who: str
    minutes: int = Field(ge=1)
    do: str


class Prompt(_Strict):
    """A part of a sentence frame."""

    part: str
    prompt: str


class Item(_Strict):
    """One of several things to choose from."""

    title: str
    text: str


class Entry(_Strict):
    """One practice as an editor writes it; each uses the lists that it needs."""

    slug: str
    title: str
    section: str
    kind: Kind
    intro: str
    stop: str
    minutes: int = 0
    steps: list[Step] = []
    turns: list[Turn] = []
    questions: dict[str, list[str]] = {}
    frame: list[Prompt] = []
    feelings: dict[str, list[str]] = {}
    items: list[Item] = []

    def parts(self) -> Iterator[PracticePart]:
        """Yield everything that the practice consists of, in order."""
        yield from (PracticePart(step.title, step.minutes, lines=tuple(step.say)) for step in self.steps)
        yield from (PracticePart(turn.who, turn.minutes, turn.do) for turn in self.turns)
        yield from (PracticePart(prompt.part, text=prompt.prompt) for prompt in self.frame)
        yield from (PracticePart(item.title, text=item.text) for item in self.items)
        for named in (self.questions, self.feelings):
            yield from (PracticePart(name.capitalize(), lines=tuple(lines)) for name, lines in named.items())


def read_practices(corpus: Path, sections: set[str]) -> tuple[Practice, ...]:
    """Return a corpus's practices; none where it has no practices.yaml.

    Raises `CorpusError` naming the practice that cannot be used, or whose section does not exist.
    """
    path = corpus / "practices.yaml"
    if not path.is_file():
        return ()
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        practices = tuple(_practice(entry, number, path) for number, entry in enumerate(entries, 1))
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise CorpusError(f"{path} cannot be read: {error}. Correct it as corpus/README.md shows.") from error
    for practice in practices:
        if practice.section not in sections:
            raise CorpusError(
                f"{path}: the practice {practice.slug} belongs to {practice.section}, which is no section. Correct it."
            )
    return practices


def _practice(entry: object, number: int, path: Path) -> Practice:
    try:
        read = Entry.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"{path}: practice {number}: {where}: {first['msg']}. Correct it.") from error
    return Practice(
        slug=read.slug,
        title=read.title,
        section=read.section,
        kind=read.kind,
        intro=read.intro,
        stop=read.stop,
        minutes=read.minutes,
        parts=tuple(read.parts()),
    )
