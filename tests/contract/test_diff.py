"""See before publishing: what differs between the live edition and the corpus, or between two editions."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from app.guide.errors import LibraryError
from app.guide.library import Library
from ingest.changes import Move
from ingest.diff import Answered, Difference, FieldChange, Named, QuestionChange, difference
from ingest.wording import Run
from tests.conftest import Publish
from tests.fakes import Steps, files_of, write_section


@pytest.fixture
def golden(corpus: Path) -> None:
    """Two golden questions, known to the corpus only."""
    entries = [
        {"id": "g-listen", "split": "judge", "ask": "nobody will listen", "sections": ["talk/listening"]},
        {"id": "g-quiet", "split": "judge", "ask": "so quiet on a walk", "sections": ["barriers/quiet"]},
    ]
    (corpus / "golden.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")


def compared(library: Library, corpus: Path, before: str = "", after: str = "", *, ask: bool = True) -> Difference:
    """Return what differs."""
    return difference(library, before, after, corpus, "", Steps(), ask=ask)


def test_the_live_edition_is_compared_with_the_corpus_word_by_word(
    published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    path = corpus / "guide" / "trust" / "bids.md"
    text = path.read_text().replace("Keep trust small.", "Keep trust slow.").replace("- trust is gone\n", "")
    path.write_text(text)
    write_section(corpus, "new", "Thank you.", title="Thanks")
    (corpus / "guide" / "talk" / "listening.md").unlink()
    (corpus / "guide" / "barriers" / "quiet.md").rename(corpus / "guide" / "quiet.md")

    found = compared(library, corpus, ask=False)

    assert (found.before, found.after, found.unchanged, found.questions) == (published, "", 0, None)
    assert found.added == (Named("new", "Thanks"),)
    assert found.removed == (Named("talk/listening", "Listening well"),)
    assert found.moved == (Move("barriers/quiet", "barriers/quiet", "quiet.md", "barriers/quiet.md"),)
    [changed] = found.changed
    assert changed.fields == (
        FieldChange("asked_as", ("how do we trust again", "trust is gone"), ("how do we trust again",)),
    )
    assert changed.words == (
        Run("same", "Short answer\nTrust grows in small moments. Keep trust "),
        Run("removed", "small"),
        Run("added", "slow"),
        Run("same", ".\nTry this\nTrust one thing today."),
    )


def test_golden_questions_whose_answer_would_change_are_named(
    golden: None, published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    write_section(corpus, "talk/listening", "Money matters. Money talks.", title="Money")

    found = compared(library, corpus)

    assert found.asked == 2
    [change] = found.questions or ()
    assert (change.id, change.ask, change.expects) == ("g-listen", "nobody will listen", ("talk/listening",))
    assert (change.before.sections[0], change.before.right, change.after.right) == ("talk/listening", True, False)


def test_an_answer_that_only_has_other_words_is_told_apart(
    golden: None, published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    path = corpus / "guide" / "barriers" / "quiet.md"
    path.write_text(path.read_text().replace("A quiet partner may need a walk.", "A quiet partner may want a walk."))

    found = compared(library, corpus)

    answered = Answered("answer", ("barriers/quiet",), True)
    assert found.questions
    assert found.questions[-1] == QuestionChange(
        "g-quiet", "so quiet on a walk", ("barriers/quiet",), "words", answered, answered
    )


def test_nothing_changed_needs_no_question(
    golden: None, published: str, publish: Publish, library: Library, corpus: Path
) -> None:
    found = compared(library, corpus)

    assert (found.added, found.changed, found.moved, found.removed, found.unchanged) == ((), (), (), (), 3)
    assert found.questions == ()


def test_two_editions_are_compared_either_way(
    golden: None, three: list[str], publish: Publish, library: Library, corpus: Path
) -> None:
    forth = compared(library, corpus, three[0], three[2])
    back = compared(library, corpus, three[2], three[0])

    assert ([one.slug for one in forth.added], forth.removed, forth.questions) == (["new"], (), ())
    assert (back.added, [one.slug for one in back.removed], back.unchanged) == ((), ["new"], 3)


def test_looking_changes_nothing(
    golden: None, published: str, publish: Publish, library: Library, corpus: Path
) -> None:
    write_section(corpus, "new", "Thank you.")
    before = files_of(library.root)

    compared(library, corpus)

    assert files_of(library.root) == before


def test_an_edition_that_is_not_kept_cannot_be_compared(published: str, library: Library, corpus: Path) -> None:
    with pytest.raises(LibraryError, match="python -m ingest list"):
        compared(library, corpus, "20200101T000000Z-0123abcd", published)
