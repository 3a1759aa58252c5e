"""The gate: an edition that finds less than the live one is kept aside, unless an editor says why it is meant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import yaml

from app.guide.ask import Guide
from app.guide.errors import CorpusError, LibraryError
from app.guide.library import Library
from app.guide.manifest import read_manifest
from app.guide.nouns import Hit
from app.guide.search import Search, every_section
from ingest.golden import Golden
from ingest.judge import Outcome, judge
from ingest.progress import Advance
from ingest.publish import Wishes
from ingest.rollback import roll_back
from tests.conftest import Publish
from tests.fakes import CountingEncoder, write_section

QUESTIONS = {
    "g-trust": ("how do we trust again", ["trust/bids"]),
    "g-listen": ("nobody will listen", ["talk/listening"]),
    "g-quiet": ("so quiet on a walk", ["barriers/quiet"]),
}


@pytest.fixture
def golden(corpus: Path) -> Path:
    """The golden questions of the small guide, one a section and one about something else."""
    return write_golden(corpus, QUESTIONS)


def write_golden(corpus: Path, questions: dict[str, tuple[str, list[str]]]) -> Path:
    """Write golden questions, and one that the guide does not cover."""
    entries: list[dict] = [
        {"id": name, "split": "tune", "ask": ask, "sections": sections} for name, (ask, sections) in questions.items()
    ]
    entries.append({"id": "g-other", "split": "judge", "ask": "best bread flour", "expect": "not_covered"})
    path = corpus / "golden.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    return path


def spoil_listening(corpus: Path) -> None:
    """Take every word from the section about listening by which it was found."""
    write_section(corpus, "talk/listening", "Money matters. Money talks.", title="Money")


def stored(library: Library, edition: str) -> dict:
    """Return an edition's report.json."""
    return json.loads((library.folder(edition) / "report.json").read_text())


def test_the_first_edition_is_judged_and_never_refused(publish: Publish, corpus: Path, library: Library) -> None:
    """There is nothing to compare it with."""
    write_golden(corpus, {"g-money": ("money and grief", ["trust/bids"])})

    report = publish()

    assert (report.refused, library.live_id()) == ("", report.edition)
    assert (report.gate.by, report.gate.questions, report.gate.accuracy) == ("golden questions", 2, 0.5)
    assert (report.gate.accuracy_before, report.gate.before) == (None, None)


def test_a_good_change_passes_with_its_figures_in_the_report(
    golden: Path, publish: Publish, corpus: Path, library: Library
) -> None:
    publish()
    write_section(corpus, "new", "Money and grief.", asked_as=["we argue about money"])

    report = publish()

    gate = stored(library, report.edition)["gate"]
    assert (report.refused, library.live_id()) == ("", report.edition)
    assert (gate["accuracy"], gate["accuracy_before"], gate["lost"], gate["reasons"]) == (1.0, 1.0, [], [])
    assert gate["figures"]["right section first"] == gate["before"]["right section first"] == 1.0


def test_an_edition_that_lost_a_section_is_kept_aside_and_the_old_one_stays_live(
    golden: Path, publish: Publish, corpus: Path, library: Library
) -> None:
    before = publish().edition
    spoil_listening(corpus)

    report = publish()

    assert library.live_id() == before
    assert report.gate.lost == ("talk/listening",)
    assert "talk/listening was found before (g-listen)" in report.refused
    assert read_manifest(library.folder(report.edition)).refused == report.refused
    assert [manifest.id for manifest in library.manifests()] == [report.edition, before]


def test_a_section_that_vanished_is_a_section_lost(
    golden: Path, publish: Publish, corpus: Path, library: Library
) -> None:
    """Nobody is told by a file that is not there."""
    before = publish().edition
    (corpus / "guide" / "talk" / "listening.md").unlink()

    report = publish()

    assert (library.live_id(), report.gate.lost) == (before, ("talk/listening",))


def test_a_section_that_was_taken_out_of_the_golden_questions_too_may_go(
    golden: Path, publish: Publish, corpus: Path, library: Library
) -> None:
    publish()
    (corpus / "guide" / "talk" / "listening.md").unlink()
    write_golden(corpus, {name: one for name, one in QUESTIONS.items() if name != "g-listen"})

    report = publish()

    assert (report.refused, report.removed, library.live_id()) == ("", ("talk/listening",), report.edition)


def test_accuracy_may_fall_by_the_margin_and_no_further(publish: Publish, corpus: Path, library: Library) -> None:
    """Of four questions one is lost, and no section, since another question still finds it."""
    write_golden(corpus, {**QUESTIONS, "g-more": ("listen about money", ["talk/listening"])})
    publish()
    write_section(corpus, "new", "Listen to money. Money money.", asked_as=["listen about money"])

    refused = publish(wishes=Wishes(margin=0.19))
    passed = publish(wishes=Wishes(margin=0.21))

    assert refused.gate.lost == ()
    assert refused.refused == "80.0% of the questions are answered right, and before it were 100.0%"
    assert (passed.refused, library.live_id()) == ("", passed.edition)


def test_both_are_judged_on_the_questions_that_the_corpus_has_now(
    golden: Path, publish: Publish, corpus: Path, library: Library
) -> None:
    """A question that the live edition answered wrong is no reason to refuse one that does so too."""
    publish()
    write_golden(corpus, {**QUESTIONS, "g-hard": ("money and grief", ["trust/bids"])})
    write_section(corpus, "other", "We argue.")

    report = publish()

    assert (report.gate.questions, report.gate.accuracy, report.gate.accuracy_before) == (5, 0.8, 0.8)
    assert report.refused == ""


def test_a_renamed_section_is_not_lost(golden: Path, publish: Publish, corpus: Path, library: Library) -> None:
    """The golden questions may know it by its old name or by its new one."""
    publish()
    path = corpus / "guide" / "talk" / "listening.md"
    path.write_text(path.read_text().replace("slug: talk/listening", "slug: talk/hearing"))

    first = publish()
    roll_back(library)
    write_golden(corpus, {**QUESTIONS, "g-listen": ("nobody will listen", ["talk/hearing"])})
    second = publish()

    assert [(one.refused, one.gate.accuracy, one.gate.accuracy_before) for one in (first, second)] == [
        ("", 1.0, 1.0),
        ("", 1.0, 1.0),
    ]


def test_publishing_anyway_stores_the_reason(golden: Path, publish: Publish, corpus: Path, library: Library) -> None:
    publish()
    spoil_listening(corpus)

    report = publish(wishes=Wishes(anyway="Listening moves to the next book."))

    assert library.live_id() == report.edition
    assert report.gate.lost == ("talk/listening",)
    assert stored(library, report.edition)["published_anyway"] == "Listening moves to the next book."
    assert read_manifest(library.folder(report.edition)).published_anyway == "Listening moves to the next book."


def test_what_was_refused_is_never_gone_back_to(golden: Path, publish: Publish, corpus: Path, library: Library) -> None:
    before = publish().edition
    spoil_listening(corpus)
    refused = publish().edition
    library.live_path.write_text("nonsense")

    with pytest.raises(LibraryError, match="--publish-anyway"):
        roll_back(library, refused)
    assert roll_back(library) == before
    library.live_path.write_text("nonsense")
    opened, warning = library.open_sound()
    opened.close()
    assert (opened.id, before in warning) == (before, True)


def test_only_the_last_refused_edition_is_kept_and_none_after_the_next_success(
    golden: Path, publish: Publish, corpus: Path, library: Library
) -> None:
    before = publish().edition
    spoil_listening(corpus)
    publish()
    write_section(corpus, "talk/listening", "Grief and grief.", title="Grief")
    second = publish().edition
    after_two = [manifest.id for manifest in library.manifests()]
    write_section(corpus, "talk/listening", "Listen and listen.", title="Listening well")
    last = publish().edition

    assert after_two == [second, before]
    assert [manifest.id for manifest in library.manifests()] == [last, before]


def test_a_refused_edition_pushes_no_good_one_out(
    golden: Path, publish: Publish, corpus: Path, library: Library
) -> None:
    first = publish().edition
    write_section(corpus, "other", "We argue.")
    second = publish(keep=2).edition
    spoil_listening(corpus)

    refused = publish(keep=2).edition

    assert [manifest.id for manifest in library.manifests()] == [refused, second, first]


def test_without_golden_questions_every_section_is_asked_for_by_itself(
    publish: Publish, corpus: Path, library: Library
) -> None:
    report = publish()

    assert (report.gate.by, report.gate.questions, report.gate.accuracy) == ("self-check", 6, 1.0)
    assert report.gate.note.startswith("the corpus has no golden questions")
    assert report.gate.figures == {
        "section found by its own title": 1.0,
        "section found by its own first sentence": 1.0,
    }


def test_a_self_check_refuses_what_is_no_longer_found(
    published: str, publish: Publish, corpus: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Blind(Search):
        """A search that finds one section less in any edition but the published one."""

        def __call__(self, question: str, top: int = 10, allowed: Callable[[str], bool] = every_section) -> list[Hit]:
            hits = super().__call__(question, top, allowed)
            return [hit for hit in hits if self._edition.id == published or hit.section.slug != "trust/bids"]

    monkeypatch.setattr("ingest.gate.Search", Blind)
    write_section(corpus, "new", "Thank you.")

    report = publish()

    assert (library.live_id(), report.gate.lost) == (published, ("trust/bids",))
    assert report.refused == (
        "trust/bids was found before (by its title, by its first sentence) and no question finds it any more; "
        "66.7% of the questions are answered right, and before it were 100.0%"
    )


def test_a_section_that_is_taken_out_is_no_loss_to_a_self_check(
    published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    (corpus / "guide" / "talk" / "listening.md").unlink()

    report = publish()

    assert (report.refused, library.live_id(), report.gate.accuracy_before) == ("", report.edition, 1.0)


def test_golden_questions_that_cannot_be_read_stop_the_build(
    published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    (corpus / "golden.yaml").write_text("- id: g1\n  split: never\n")
    write_section(corpus, "new", "Thank you.")

    with pytest.raises(CorpusError, match=r"golden\.yaml"):
        publish()
    assert library.live_id() == published


def test_a_live_edition_is_not_asked_again_what_it_was_asked(
    golden: Path, publish: Publish, corpus: Path, judged: list[str]
) -> None:
    first = publish().edition
    write_section(corpus, "new", "Money and grief.")

    second = publish()

    assert judged == [first, second.edition]
    assert (second.gate.accuracy_before, second.gate.before["right section first"]) == (1.0, 1.0)


def test_a_live_edition_is_asked_again_where_the_questions_changed(
    golden: Path, publish: Publish, corpus: Path, judged: list[str]
) -> None:
    first = publish().edition
    write_golden(corpus, {**QUESTIONS, "g-hard": ("money and grief", ["trust/bids"])})

    second = publish()

    assert judged == [first, second.edition, first]
    assert second.gate.accuracy_before == 0.8


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the editions that were asked the golden questions, in order."""
    asked: list[str] = []

    def noted(guide: Guide, questions: Iterable[Golden], advance: Advance) -> list[Outcome]:
        asked.append(guide.edition().id)
        return judge(guide, questions, advance)

    monkeypatch.setattr("ingest.gate.judge", noted)
    return asked


def test_a_live_edition_whose_encoder_is_gone_is_compared_by_what_it_answered(golden: Path, publish: Publish) -> None:
    publish()

    report = publish(CountingEncoder("other", "other-1"))

    assert (report.refused, report.gate.accuracy_before, report.gate.note) == ("", 1.0, "")


def test_a_live_edition_whose_encoder_is_gone_cannot_be_asked_anything_else_and_it_is_said(
    golden: Path, publish: Publish, corpus: Path
) -> None:
    publish()
    write_golden(corpus, {**QUESTIONS, "g-hard": ("money and grief", ["trust/bids"])})
    other = CountingEncoder("other", "other-1")

    report = publish(other)

    assert (report.refused, report.gate.accuracy_before) == ("", None)
    assert report.gate.note == "not compared with the live edition, whose encoder counting is not here"
