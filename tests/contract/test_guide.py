"""A running guide: what a question gets, from which edition, and what comes before the guide."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from app.guide import open as opening
from app.guide.ask import Guide
from app.guide.care import Category, Strength, Verdict
from app.guide.errors import LibraryError, NoSuchSection, UnusableInput
from app.guide.library import Library
from app.guide.nouns import Kind, Speaker, Suggestion, Turn
from app.guide.open import open_guide
from app.guide.retriever import GuideRetriever
from app.guide.settings import Settings
from tests.conftest import THANKS, Publish
from tests.fakes import CountingEncoder, write_section

VIOLENCE_NOW = Verdict(Category.PARTNER_VIOLENCE, Strength.NOW)
VIOLENCE_BEFORE = Verdict(Category.PARTNER_VIOLENCE, Strength.CARE)
DESPAIR_BEFORE = Verdict(Category.SELF_HARM, Strength.CARE)
DOUBT = Verdict(Category.SELF_HARM, Strength.MAYBE)
SIGNALS = {"he-hits": VIOLENCE_NOW, "he-hit": VIOLENCE_BEFORE, "she-despaired": DESPAIR_BEFORE, "so-tired": DOUBT}
QUIET = "my partner is so quiet"
SAFETY = "If you are afraid, do not open up more."


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few words of our own signal danger, so that these tests do not hang on what the detector knows."""

    def screen(message: str, earlier: Sequence[str] = ()) -> Verdict | None:
        return next((verdict for word, verdict in SIGNALS.items() if word in message), None)

    monkeypatch.setattr("app.guide.care.screen", screen)


def person(text: str) -> Turn:
    """Return a turn of the person."""
    return Turn(Speaker.PERSON, text)


def answered(*sections: str, care: Verdict | None = None) -> Turn:
    """Return a turn of the guide."""
    return Turn(Speaker.GUIDE, "An answer.", sections, care)


def is_exact(guide: Guide, slug: str, edition: str, start: int, end: int, quote: str) -> bool:
    """Return whether a quote stands there in that edition."""
    section, found = guide.section(slug, edition)
    return (found, section.text[start:end]) == (edition, quote)


def test_a_question_is_answered_in_the_guide_s_own_words(guide: Guide, published: str) -> None:
    answer = guide.ask(QUIET)

    assert (answer.kind, answer.edition, answer.care, answer.card) == (Kind.ANSWER, published, None, None)
    assert [(part.label, part.items) for part in answer.parts] == [
        ("", ("A quiet partner may need a walk.",)),
        ("To try", ("Take a walk.", "Stay quiet.")),
        ("Where this does not fit", (SAFETY,)),
    ]
    assert answer.sections == ("barriers/quiet",)
    assert all(is_exact(guide, c.slug, c.edition, c.start, c.end, c.quote) for c in answer.citations)


def test_an_answer_says_what_was_understood_and_what_else_may_have_been_meant(guide: Guide) -> None:
    answer = guide.ask(QUIET)

    assert answer.understood == Suggestion("barriers/quiet", "A quiet partner")
    assert {other.slug for other in answer.otherwise} == {"trust/bids", "talk/listening"}


def test_who_meant_another_section_is_answered_from_that_one(guide: Guide) -> None:
    answer = guide.ask(QUIET, about="talk/listening")

    assert (answer.kind, answer.sections[0]) == (Kind.ANSWER, "talk/listening")
    assert answer.parts[0].items == ("Listen before you answer.",)


def test_a_section_that_is_not_there_was_not_meant(guide: Guide) -> None:
    assert guide.ask(QUIET, about="no/such").sections == ("barriers/quiet",)


def test_what_may_not_be_quoted_cannot_be_meant_either(guide: Guide, signals: None) -> None:
    """Neither now nor in the rest of the talk."""
    talk = [person("he-hits"), answered(care=VIOLENCE_NOW)]

    for answer in (guide.ask(QUIET, talk, "barriers/quiet"), guide.ask("he-hits", (), "barriers/quiet")):
        assert (answer.kind, answer.parts, answer.suggestions, answer.otherwise) == (Kind.CARE, (), (), ())
        assert (answer.understood, answer.practice) == (None, None)


def test_tell_me_more_says_what_was_not_said_yet(guide: Guide) -> None:
    talk = [person("nobody will listen"), replace(answered("talk/listening"), text="Listen before you answer. [1]")]

    assert [part.items for part in guide.ask("tell me more", talk).parts] == [("To listen is to stay.",)]


def test_after_an_answer_only_related_sections_that_exist_are_offered(guide: Guide) -> None:
    answer = guide.ask("how do we trust again")

    assert answer.sections == ("trust/bids",)
    assert answer.suggestions == (Suggestion("talk/listening", "Listening well", "nobody will listen to me"),)


def test_what_the_guide_does_not_cover_gets_no_quote_but_the_nearest_sections(guide: Guide) -> None:
    answer = guide.ask("best bread flour")

    assert (answer.kind, answer.citations) == (Kind.NOT_COVERED, ())
    assert len(answer.suggestions) == 3


def test_small_talk_gets_a_fixed_answer_without_a_search(guide: Guide, encoder: CountingEncoder) -> None:
    answer = guide.ask("Hello!")

    assert (answer.kind, answer.citations, encoder.encoded) == (Kind.SMALL_TALK, (), [])


@pytest.mark.parametrize("message", ["", " \n ", "\u200b", "?!", "a" * 20_000])
def test_a_message_that_cannot_be_read_is_refused(guide: Guide, message: str) -> None:
    with pytest.raises(UnusableInput):
        guide.ask(message)


@pytest.mark.parametrize(
    "markup", ["<b>quiet</b> partner", "**quiet** [partner](x)", "quiet\x00\u200b partner", "quiet\n\n# partner"]
)
def test_markup_in_a_question_is_only_words(guide: Guide, markup: str) -> None:
    answer = guide.ask(f"my {markup}")

    assert (answer.kind, answer.sections) == (Kind.ANSWER, ("barriers/quiet",))


def test_a_follow_up_stays_in_the_section_in_hand(guide: Guide) -> None:
    talk = [person(QUIET), answered("barriers/quiet")]

    answer = guide.ask("tell me more", talk)

    assert (answer.kind, answer.sections) == (Kind.ANSWER, ("barriers/quiet",))


def test_a_section_in_hand_that_is_gone_by_now_is_searched_anew(guide: Guide) -> None:
    talk = [person(QUIET), answered("barriers/gone")]

    assert guide.ask("tell me more", talk).sections == ("barriers/quiet",)


def test_danger_comes_before_everything(guide: Guide, signals: None, encoder: CountingEncoder) -> None:
    """No search is made, and nothing of the guide is said."""
    answer = guide.ask(f"he-hits, {QUIET}")

    assert (answer.kind, answer.care, answer.parts, answer.suggestions) == (Kind.CARE, VIOLENCE_NOW, (), ())
    assert answer.card is not None
    assert encoder.encoded == []


@pytest.mark.parametrize("message", ["he-hits " * 5000, "he-hits" + "?" * 9000, "hello he-hits"])
def test_danger_is_answered_however_it_is_said(guide: Guide, signals: None, message: str) -> None:
    assert guide.ask(message).kind is Kind.CARE


def test_danger_is_answered_also_when_the_library_breaks(guide: Guide, signals: None, library: Library) -> None:
    """The card needs no edition."""
    library.live_path.write_text("nonsense")

    answer = guide.ask("he-hits")

    assert (answer.kind, answer.care) == (Kind.CARE, VIOLENCE_NOW)


def test_in_doubt_the_answer_comes_and_the_card_with_it(guide: Guide, signals: None) -> None:
    answer = guide.ask(f"so-tired, {QUIET}")

    assert (answer.kind, answer.care, answer.sections) == (Kind.ANSWER, DOUBT, ("barriers/quiet",))
    assert answer.card is not None


def test_in_doubt_what_is_not_covered_stays_so(guide: Guide, signals: None) -> None:
    """The kind is `care` only where the guide is held back, and in doubt nothing is."""
    answer = guide.ask("so-tired, best bread flour")

    assert (answer.kind, answer.care, answer.citations) == (Kind.NOT_COVERED, DOUBT, ())


def test_where_nothing_may_be_quoted_the_card_stands_alone(guide: Guide, signals: None) -> None:
    answer = guide.ask(f"he-hit, {QUIET}")

    assert (answer.kind, answer.care, answer.citations, answer.suggestions) == (Kind.CARE, VIOLENCE_BEFORE, (), ())


def test_what_was_noticed_before_still_holds(guide: Guide, signals: None) -> None:
    talk = [person("he-hits"), answered(care=VIOLENCE_NOW)]

    answer = guide.ask(QUIET, talk)

    assert (answer.kind, answer.care, answer.citations) == (Kind.CARE, VIOLENCE_BEFORE, ())


def test_what_was_noticed_before_holds_back_a_follow_up_too(guide: Guide, signals: None) -> None:
    talk = [person(QUIET), answered("barriers/quiet"), person("he-hits"), answered(care=VIOLENCE_NOW)]

    answer = guide.ask("tell me more", talk)

    assert (answer.citations, answer.suggestions) == ((), ())


@pytest.mark.parametrize(
    "message", [f"so-tired, {QUIET}", f"she-despaired, {QUIET}"], ids=["a doubt", "another danger"]
)
def test_what_is_noticed_now_never_loosens_what_was_noticed_before(guide: Guide, signals: None, message: str) -> None:
    """Advice to open up stays held back from someone who was hit, whatever else is said."""
    talk = [person("he-hit"), answered(care=VIOLENCE_BEFORE)]

    assert guide.ask(message, talk).citations == ()


def test_every_danger_of_the_talk_holds_and_not_only_the_last(guide: Guide, signals: None) -> None:
    talk = [person("he-hit"), answered(care=VIOLENCE_BEFORE), person("she-despaired"), answered(care=DESPAIR_BEFORE)]

    assert guide.ask(QUIET, talk).citations == ()


def test_the_next_question_meets_the_new_edition_and_old_citations_still_hold(
    guide: Guide, published: str, publish: Publish, corpus: Path
) -> None:
    before = guide.ask(QUIET)
    path = corpus / "guide" / "barriers" / "quiet.md"
    path.write_text(path.read_text().replace("Take a walk.", "Walk home, both quiet."))

    newer = publish().edition

    after = guide.ask(QUIET)
    assert (before.edition, after.edition) == (published, newer)
    assert [before.citations[1].quote, after.citations[1].quote] == [
        "Take a walk.\nStay quiet.",
        "Walk home, both quiet.\nStay quiet.",
    ]
    cited = [*before.citations, *after.citations]
    assert all(is_exact(guide, c.slug, c.edition, c.start, c.end, c.quote) for c in cited)


def test_a_guide_that_went_on_lets_go_of_the_old_edition(
    three: list[str], library: Library, encoder: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its private copy of the vectors is removed, or a long-lived server would fill the disk."""
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    guide = Guide(library, encoder)

    for edition in (three[0], three[1], three[2]):
        library.move_live(edition)
        guide.ask(QUIET)
    gc.collect()

    assert len([path for path in copies.iterdir() if path.is_dir()]) == 1


def test_a_section_that_was_removed_is_no_longer_found_but_can_still_be_read(
    guide: Guide, published: str, publish: Publish, corpus: Path
) -> None:
    section, _ = guide.section("barriers/quiet")
    (corpus / "guide" / "barriers" / "quiet.md").unlink()

    publish()

    assert "barriers/quiet" not in [hit.section.slug for hit in guide.search(QUIET)]
    with pytest.raises(NoSuchSection):
        guide.section("barriers/quiet")
    assert guide.section("barriers/quiet", published) == (section, published)


def test_a_running_guide_goes_back_with_the_library(
    three: list[str], library: Library, encoder: CountingEncoder
) -> None:
    guide = Guide(library, encoder)
    texts = [guide.section("new")[0].text]

    library.move_live(three[1])
    texts.append(guide.section("new")[0].text)

    assert texts == THANKS[::-1]


def test_a_section_without_an_edition_is_that_of_the_live_one(guide: Guide, published: str) -> None:
    assert guide.section("trust/bids") == guide.section("trust/bids", published)


@pytest.mark.parametrize(
    ("slug", "edition"),
    [("trust/gone", ""), ("trust/bids", "20200101T000000Z-0123abcd"), ("", ""), ("trust/bids", "../..")],
)
def test_a_section_that_never_was_is_not_found(guide: Guide, slug: str, edition: str) -> None:
    with pytest.raises(NoSuchSection):
        guide.section(slug, edition)


def test_many_may_ask_while_an_edition_is_published(
    guide: Guide, publish: Publish, corpus: Path, published: str
) -> None:
    """Every answer is of one edition, whole."""

    def ask(number: int) -> set[tuple[str, bool]]:
        answer = guide.ask(["how do we trust again", QUIET, "we hardly listen to each other"][number % 3])
        return {(c.edition, is_exact(guide, c.slug, c.edition, c.start, c.end, c.quote)) for c in answer.citations}

    path = corpus / "guide" / "trust" / "bids.md"
    path.write_text(path.read_text().replace("Keep trust small.", "Now and then, trust more."))
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, number) for number in range(60)]
        newer = publish().edition
        asked += [pool.submit(ask, number) for number in range(12)]
        answers = [one.result() for one in asked]

    assert set(map(frozenset, answers)) <= {frozenset({(e, True)}) for e in (published, newer)}
    assert answers[-12:] == [{(newer, True)}] * 12


def test_a_library_of_another_encoder_is_refused_with_both_names(published: str, library: Library) -> None:
    with pytest.raises(LibraryError) as caught:
        Guide(library, CountingEncoder("other", "other-1"))

    assert "counting" in str(caught.value)
    assert "other" in str(caught.value)
    assert "python -m ingest build" in str(caught.value)


@pytest.mark.parametrize("content", ["", "nonsense", "20200101T000000Z-0123abcd"])
def test_while_live_cannot_be_used_the_open_edition_goes_on_answering(
    guide: Guide, library: Library, published: str, content: str
) -> None:
    library.live_path.write_text(content)

    answer = guide.ask(QUIET)

    assert (answer.kind, answer.edition) == (Kind.ANSWER, published)


def test_an_edition_that_cannot_be_opened_is_passed_over_until_it_can(
    three: list[str], library: Library, encoder: CountingEncoder
) -> None:
    library.move_live(three[0])
    guide = Guide(library, encoder)
    texts = library.folder(three[2]) / "guide.sqlite3"
    sound = texts.read_bytes()
    texts.write_bytes(b"")
    library.move_live(three[2])
    during = guide.ask(QUIET).edition

    texts.write_bytes(sound)

    assert (during, guide.ask(QUIET).edition) == (three[0], three[2])


def test_an_edition_of_another_encoder_is_never_searched_with_this_one(
    guide: Guide, publish: Publish, published: str
) -> None:
    publish(CountingEncoder("other", "other-1"))

    assert guide.ask(QUIET).edition == published


def test_an_empty_library_is_told_before_the_encoder_is_loaded(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(opening, "load_encoder", loaded.append)

    with pytest.raises(LibraryError, match="is empty"):
        open_guide(Settings(library=library.root))
    assert loaded == []


def test_a_search_finds_each_section_once_best_first(guide: Guide) -> None:
    hits = guide.search("trust and quiet")

    assert len({hit.section.slug for hit in hits}) == len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("top", [1, 2])
def test_a_search_gives_no_more_than_asked_for(guide: Guide, top: int) -> None:
    assert guide.search("trust and quiet", top) == guide.search("trust and quiet")[:top]


def test_a_search_leaves_out_what_is_not_allowed(guide: Guide) -> None:
    assert [hit.section.slug for hit in guide.search("trust", 5, lambda slug: slug.startswith("talk/"))] == [
        "talk/listening"
    ]


def test_a_hit_s_passage_is_the_one_nearest_to_the_question(guide: Guide) -> None:
    assert guide.search("quiet")[0].quote == f"{SAFETY} Nobody owes you a thought."


def test_a_section_that_only_shares_a_word_is_shown_with_its_first_passage(
    publish: Publish, corpus: Path, library: Library, encoder: CountingEncoder
) -> None:
    """Here no list but that of words can tell it from the others."""
    write_section(corpus, "odd", "Zebras again. More zebras.")
    publish()

    [first, *_] = Guide(library, encoder).search("zebras")

    assert (first.section.slug, first.quote) == ("odd", "Zebras again. More zebras.")


def test_another_chain_gets_passages_with_their_citations(guide: Guide, published: str) -> None:
    [first, *rest] = GuideRetriever(guide=guide, top=2).invoke(QUIET)

    metadata = first.metadata
    assert (metadata["slug"], metadata["edition"], metadata["safety"]) == ("barriers/quiet", published, SAFETY)
    assert is_exact(guide, metadata["slug"], published, metadata["start"], metadata["end"], first.page_content)
    assert len(rest) == 1


def test_another_chain_gets_nothing_that_may_not_be_quoted(guide: Guide, signals: None) -> None:
    assert GuideRetriever(guide=guide).invoke(f"he-hits, {QUIET}") == []
