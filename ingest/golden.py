"""Golden questions: the corpus's own questions with the sections that should answer them, used to judge an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from app.guide.care.verdict import Category
from app.guide.errors import CorpusError

Split = Literal["tune", "judge"]
# What the guide does not cover is not to be answered; what is off topic is not to be answered even in part.
Expect = Literal["answer", "not_covered", "off_topic", "care"]
UNANSWERED: tuple[Expect, ...] = ("not_covered", "off_topic")


class GoldenTurn(BaseModel):
    """One message with the sections accepted for it, best first; within a talk it may be one that nothing answers."""

    model_config = ConfigDict(extra="forbid")

    ask: str
    sections: tuple[str, ...] = ()
    expect: Literal["answer", "not_covered"] = "answer"


class Golden(BaseModel):
    """One golden question, or a talk of several turns."""

    model_config = ConfigDict(extra="forbid")

    id: str
    split: Split
    ask: str = ""
    sections: tuple[str, ...] = ()
    turns: tuple[GoldenTurn, ...] = ()
    expect: Expect = "answer"
    category: Category | None = None

    @model_validator(mode="after")
    def _says_what_it_expects(self) -> Golden:
        if bool(self.ask) == bool(self.turns):
            raise ValueError("write either `ask` or `turns`")
        if self.expect == "answer" and not all(turn.sections or turn.expect == "not_covered" for turn in self.talk):
            raise ValueError("name the sections that should answer, or `expect: not_covered`, `off_topic` or `care`")
        return self

    @property
    def talk(self) -> tuple[GoldenTurn, ...]:
        """The turns of a talk; a single question is a talk of one turn."""
        return self.turns or (GoldenTurn(ask=self.ask, sections=self.sections),)


def read_golden(corpus: Path, split: Split | None = None) -> list[Golden]:
    """Return a corpus's golden questions, of one split or all; none where it has no golden.yaml.

    Raises `CorpusError` naming the entry that cannot be used.
    """
    path = corpus / "golden.yaml"
    if not path.is_file():
        return []
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read: {error}. Correct it as corpus/README.md shows.") from error
    golden = [_golden(entry, number, path) for number, entry in enumerate(entries, 1)]
    return [one for one in golden if split in (None, one.split)]


def _golden(entry: object, number: int, path: Path) -> Golden:
    try:
        return Golden.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"{path}: question {number}: {where} {first['msg']}. Correct it.") from error
