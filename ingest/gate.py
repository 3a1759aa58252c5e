"""The gate: before LIVE moves, the new edition and the live one answer the same questions, and are compared.

A corpus with golden questions is judged by them. Another checks itself: each section is asked for by its own title and
by its own first sentence. Whether a message signals danger is not asked here: that no edition decides.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

import app.guide
import ingest
from app.guide.ask import Guide
from app.guide.edition import Edition
from app.guide.encoder import Encoder, Vectors
from app.guide.library import Library
from app.guide.messages import clean
from app.guide.nouns import Kind, Section
from app.guide.search import Search
from ingest.changes import Changes
from ingest.golden import Golden
from ingest.judge import AMONG, COVERED, Outcome, figures, judge
from ingest.progress import Advance, Progress, each

GOLDEN = "golden questions"
SELF_CHECK = "self-check"
JUDGING = "judging"
# A self-check of more sections than this looks at those that are new and at an even sample of the others.
MOST_SECTIONS = 1000
SECTIONS_FOR_EACH = 4

Found = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Results:
    """What one edition made of the questions; `found` has the sections that were found, with the questions' ids."""

    accuracy: float | None
    figures: Mapping[str, float | None]
    found: Found


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate saw; shares are between 0 and 1, and None where no question was of that kind.

    `before` are the figures of the live edition, None where there was none to compare with: on the same golden
    questions, or, in a self-check, on those about sections that it has too. `found` are the sections that golden
    questions found, with the ids of those questions, and `asked` names the questions: see `results_in`.
    `lost` are sections that the live edition found and the new one does not. `reasons` say why it is refused; with
    none it may pass. `note` is what an editor should know about how it was judged.
    """

    by: str
    questions: int
    accuracy: float | None
    figures: Mapping[str, float | None]
    accuracy_before: float | None = None
    before: Mapping[str, float | None] | None = None
    lost: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    note: str = ""
    found: Found = field(default_factory=dict, repr=False)
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Contestant:
    """An open edition with its encoder."""

    edition: Edition
    encoder: Encoder


def judge_edition(
    new: Contestant,
    live: Contestant | Results | None,
    golden: Sequence[Golden],
    changes: Changes,
    margin: float,
    progress: Progress,
) -> Judgement:
    """Ask both editions the golden questions, or without any what the sections say themselves, and compare.

    Of the live edition its results on the same questions may be given instead; see `results_in`.
    """
    among = _depth(new.edition)
    questions = for_the_gate(golden)
    if not questions:
        return _self_check(new, live if isinstance(live, Contestant) else None, changes, margin, among, progress)
    asked = [one for one in (new, live) if isinstance(one, Contestant)]
    outcomes = answers_to(asked, questions, progress)
    after, *others = [_results(*pair, changes.renamed, among) for pair in zip(asked, outcomes, strict=True)]
    before = live if isinstance(live, Results) else next(iter(others), None)
    judgement = Judgement(
        GOLDEN, len(questions), after.accuracy, after.figures, found=after.found, asked=_name_of(questions)
    )
    return _compared(judgement, after, before, margin) if before else judgement


def results_in(report: Path, golden: Sequence[Golden]) -> Results | None:
    """Return what the edition of that report.json made of the questions, if it was this program that asked them."""
    try:
        gate = json.loads(report.read_text(encoding="utf-8"))["gate"]
        if gate["asked"] != _name_of(for_the_gate(golden)):
            return None
        return Results(gate["accuracy"], gate["figures"], _tuples(gate["found"]))
    except (OSError, ValueError, KeyError, TypeError):  # a damaged report, or one of an earlier program
        return None


def _name_of(questions: Sequence[Golden]) -> str:
    """Return a hash over questions and over the program, which may answer them otherwise when it changes."""
    digest = hashlib.sha256(repr(questions).encode())
    for package in (app.guide, ingest):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def for_the_gate(golden: Sequence[Golden]) -> list[Golden]:
    """Return the questions for judging, or all where none of these names a section; danger no edition decides."""
    asked = [one for one in golden if one.expect != "care"]
    judging = [one for one in asked if one.split == "judge"]
    return judging if any(turn.sections for one in judging for turn in one.talk) else asked


def _self_check(
    new: Contestant, live: Contestant | None, changes: Changes, margin: float, among: int, progress: Progress
) -> Judgement:
    probes, note = _probes(new.edition, changes)
    # What only one of them has says nothing about the other.
    old_slugs = {heading.slug for heading in live.edition.headings} if live else set()
    common = [probe for probe in probes if probe.slug in old_slugs.union(changes.renamed.values())]
    with progress.count(JUDGING, len(probes) + 2 * len(common)) as advance:
        after = _by_itself(new, probes, {}, among, advance)
        judgement = Judgement(SELF_CHECK, len(probes), after.accuracy, after.figures, note=note)
        if live is None:
            return judgement
        before = _by_itself(live, common, changes.renamed, among, advance)
        return _compared(judgement, _by_itself(new, common, {}, among, advance), before, margin)


def _compared(judgement: Judgement, after: Results, before: Results, margin: float) -> Judgement:
    """Return a judgement with what speaks against the new edition on the questions that both were asked."""
    lost = {slug: asked for slug, asked in before.found.items() if slug not in after.found}
    reasons = [
        f"{slug} was found before ({', '.join(asked[:3])}{', ...' if len(asked) > 3 else ''}) and no question finds "
        "it any more"
        for slug, asked in lost.items()
    ]
    if after.accuracy is not None and before.accuracy is not None and before.accuracy - after.accuracy > margin:
        reasons.append(
            f"{after.accuracy:.1%} of the questions are answered right, and before it were {before.accuracy:.1%}"
        )
    return replace(
        judgement,
        accuracy_before=before.accuracy,
        before=before.figures,
        lost=tuple(lost),
        reasons=tuple(reasons),
    )


def _depth(edition: Edition) -> int:
    """Return how far down a section counts as found: three, and less in a guide so small that all are among three."""
    return min(AMONG, max(1, len(edition.headings) // SECTIONS_FOR_EACH))


def _results(one: Contestant, outcomes: Sequence[Outcome], renamed: Mapping[str, str], among: int) -> Results:
    found: dict[str, list[str]] = defaultdict(list)
    for outcome in outcomes:
        accepted = {renamed.get(slug, slug) for slug in outcome.turn.sections}
        for slug in dict.fromkeys(renamed.get(slug, slug) for slug in outcome.found[:among]):
            if slug in accepted:
                found[slug].append(outcome.question.id)
    right = [is_right(outcome, renamed) for outcome in outcomes]
    return Results(round(sum(right) / len(right), 4), figures(outcomes, _guide(one)), _tuples(found))


def answers_to(
    contestants: Sequence[Contestant], questions: Sequence[Golden], progress: Progress
) -> list[list[Outcome]]:
    """Return what each edition answers to every turn of the questions, in order.

    The vectors of equal texts are worked out once.
    """
    asks = [clean(turn.ask) for question in questions for turn in question.talk]
    encoders: dict[str, Encoder] = {}
    outcomes = []
    with progress.count(JUDGING, len(contestants) * len(questions)) as advance:
        for one in contestants:
            encoder = encoders.setdefault(one.encoder.fingerprint, Remembering(one.encoder, asks))
            outcomes.append(judge(_guide(replace(one, encoder=encoder)), questions, advance))
    return outcomes


def _guide(one: Contestant) -> Guide:
    return Guide(OneEdition(one.edition), one.encoder, screen=lambda message, earlier: None)


def is_right(outcome: Outcome, renamed: Mapping[str, str]) -> bool:
    """Whether an accepted section was found first and quoted from, or what is not covered is not answered."""
    if outcome.question.expect == "off_topic":
        return outcome.answer.kind not in COVERED
    if not outcome.turn.sections:
        return outcome.answer.kind is not Kind.ANSWER
    accepted = {renamed.get(slug, slug) for slug in outcome.turn.sections}
    first = [renamed.get(slug, slug) for slug in outcome.found[:1]]
    return outcome.answer.kind in COVERED and bool(accepted.intersection(first))


@dataclass(frozen=True, slots=True)
class _Probe:
    """What a section is asked for by; sections of which it is as true are as right an answer."""

    slug: str
    by: str
    text: str
    accepted: frozenset[str] = frozenset()


def _probes(edition: Edition, changes: Changes) -> tuple[list[_Probe], str]:
    """Return what the sections are asked for by, and a note on how that was chosen."""
    slugs = [heading.slug for heading in edition.headings]
    note = "the corpus has no golden questions, so every section was asked for by its own title and first sentence"
    if len(slugs) > MOST_SECTIONS:
        new = [*changes.added, *changes.changed][:MOST_SECTIONS]
        others = [slug for slug in slugs if slug not in set(new)]
        slugs = new + others[:: -(-len(others) // max(1, MOST_SECTIONS - len(new)))]
        note = f"{note}; of {len(edition.headings)} sections {len(slugs)} were asked for"
    probes = [probe for slug in slugs for probe in _probes_of(edition.section(slug))]
    twins: dict[tuple[str, str], set[str]] = defaultdict(set)
    for probe in probes:
        twins[probe.by, probe.text].add(probe.slug)
    return [replace(probe, accepted=frozenset(twins[probe.by, probe.text])) for probe in probes], note


def _probes_of(section: Section) -> list[_Probe]:
    return [
        _Probe(section.slug, "title", section.title),
        _Probe(section.slug, "first sentence", section.first_sentence),
    ]


def _by_itself(
    one: Contestant, probes: Sequence[_Probe], renamed: Mapping[str, str], among: int, advance: Advance
) -> Results:
    search = Search(one.edition, Remembering(one.encoder, [probe.text for probe in probes]))
    found: dict[str, list[str]] = defaultdict(list)
    right: dict[str, list[bool]] = {"title": [], "first sentence": []}
    for probe in each(probes, advance):
        slugs = {renamed.get(hit.section.slug, hit.section.slug) for hit in search(probe.text, among)}
        is_found = not slugs.isdisjoint(probe.accepted)
        right[probe.by].append(is_found)
        if is_found:
            found[probe.slug].append(f"by its {probe.by}")
    shares = {f"section found by its own {by}": _share(values) for by, values in right.items()}
    return Results(_share([value for values in right.values() for value in values]), shares, _tuples(found))


class OneEdition(Library):
    """A library of one open edition, which stays live."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(edition.folder.parent.parent)
        self._edition = edition

    def live_id(self) -> str:
        """Return the edition's id."""
        return self._edition.id

    def open_live(self) -> Edition:
        """Return the edition."""
        return self._edition

    def open_sound(self) -> tuple[Edition, str]:
        """Return the edition, which nothing is wrong with."""
        return self._edition, ""


class Remembering:
    """An encoder that knows the vectors of some texts, or reads them beforehand, all at once, which is quicker."""

    def __init__(self, encoder: Encoder, texts: Sequence[str] = (), known: Mapping[str, Vectors] | None = None) -> None:
        self.name = encoder.name
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        self._known = dict(known or {})
        self.encode(texts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text, in order."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
        if unknown:
            self._known |= zip(unknown, self._encoder.encode(unknown), strict=True)
        return np.array([self._known[text] for text in texts], dtype=np.float32)


def _share(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _tuples(found: Mapping[str, Sequence[str]]) -> Found:
    return {slug: tuple(dict.fromkeys(asked)) for slug, asked in found.items()}
