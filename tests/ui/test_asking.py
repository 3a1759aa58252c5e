"""The talk: what is typed, what comes back, and where it came from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.guide.care import Strength, Verdict, card_for
from app.guide.care.verdict import Category
from app.guide.errors import LibraryError
from app.guide.export import answer_to_keep, talk_to_keep
from app.guide.feedback import Feedback, Thumbs
from app.guide.library import Library
from app.guide.nouns import Answer, Kind, Part, Speaker, Suggestion
from tests.ui.laid_out import ANSWER, BIDS, EDITION, QUIET, SAFETY, SHORT, STEPS, WALK, LaidOutGuide, held_back, quote
from tests.ui.markup import Drawn
from tests.ui.page import Page

QUESTION = "what if my partner won't open up"


def markers(reply: Drawn) -> list[str]:
    """The numbered markers of an answer, as they are read aloud."""
    return [button["aria-label"] for button in reply.attributes("button")]


def test_a_question_gets_the_guides_words_under_the_title_of_their_section(page: Page) -> None:
    question, reply = page.ask(QUESTION).messages

    assert question.text == QUESTION
    assert reply.blocks == [
        "A quiet partner",
        f"{SHORT} 1",
        "To try",
        "Take a walk side by side.",
        "Ask one question, and read Small bids first.",
        "Thank them. 2",
        "Where this does not fit",
        f"{SAFETY} 3",
    ]
    assert not page.at.exception


def test_every_quote_has_a_marker_and_the_section_a_button(page: Page) -> None:
    _, reply = page.ask(QUESTION).messages

    assert reply.within("button") == ["1", "2", "3"]
    assert markers(reply) == [f"Source {n}: A quiet partner" for n in (1, 2, 3)]
    assert set(markers(reply)) <= set(page.buttons)
    assert page.buttons.count("Read the section: A quiet partner") == 1


def test_a_link_inside_a_quote_leads_to_the_section_that_it_names(page: Page) -> None:
    _, reply = page.ask(QUESTION).messages

    assert reply.within("a") == ["Small bids", "When it is not safe"]
    assert [link["href"] for link in reply.attributes("a")] == [
        "/read?section=trust/bids",
        "/read?section=safety/unsafe",
    ]


@pytest.mark.parametrize(("n", "quoted"), [(1, SHORT), (2, STEPS), (3, SAFETY)])
def test_a_source_opens_the_whole_section_with_exactly_the_quote_marked(page: Page, n: int, quoted: str) -> None:
    page.ask(QUESTION).press(f"Source {n}: A quiet partner")

    (panel,) = page.panels
    assert panel.title == "A quiet partner"
    assert panel.article.text == QUIET.text
    assert panel.article.marked == quoted
    assert [mark.get("tabindex") for mark in panel.article.attributes("mark") if "class" in mark] == ["-1"]


def test_the_panel_leads_to_the_same_quote_on_the_reading_page(page: Page) -> None:
    page.ask(QUESTION).press("Source 1: A quiet partner")

    (panel,) = page.panels
    start = QUIET.text.index(SHORT)
    assert panel.links == ["Open on the reading page"]
    assert panel.address == {
        "section": ["barriers/quiet"],
        "edition": [EDITION],
        "at": [f"{start}-{start + len(SHORT)}"],
    }


def test_the_panel_is_gone_after_the_next_thing_that_a_person_does(page: Page) -> None:
    page.ask(QUESTION).press("Source 1: A quiet partner")

    page.press("how do we trust again")

    assert page.panels == []


def test_an_earlier_answer_keeps_its_sources(page: Page) -> None:
    page.ask(QUESTION).ask("and then")

    assert page.buttons.count("Source 2: A quiet partner") == 2
    page.at.button(key="cite-0-2").click().run()
    assert page.panels[0].article.marked == STEPS


def test_a_source_whose_edition_is_gone_says_so_in_the_panels_place(page: Page, laid_out: LaidOutGuide) -> None:
    page.ask(QUESTION)
    laid_out.sections = ()

    page.press("Source 1: A quiet partner")

    assert [warning.value for warning in page.at.warning] == ["There is no section 'barriers/quiet' here."]
    assert not page.at.exception


def test_a_suggested_question_asks_itself_in_the_light_of_the_talk(page: Page, laid_out: LaidOutGuide) -> None:
    page.ask(QUESTION).press("how do we trust again")

    assert [message.text for message in page.messages[::2]] == [QUESTION, "how do we trust again"]
    asked, history = laid_out.asked[-1]
    assert asked == "how do we trust again"
    assert [turn.speaker for turn in history] == [Speaker.PERSON, Speaker.GUIDE]
    assert history[0].text == QUESTION
    assert history[1].sections == ("barriers/quiet",)


def test_a_suggested_section_without_a_question_opens_in_place(page: Page) -> None:
    """No link of an answer changes the address, so that no section's name comes into a browser's history."""
    assert "When it is not safe" in page.ask(QUESTION).buttons
    assert page.links == []


def test_suggestions_stand_under_the_latest_answer_only(page: Page) -> None:
    page.ask(QUESTION).ask("and then")

    assert page.buttons.count("how do we trust again") == 1


def test_clearing_the_conversation_empties_it_and_what_the_guide_is_told(page: Page, laid_out: LaidOutGuide) -> None:
    page.ask(QUESTION).press("Clear conversation")

    assert page.messages == []
    assert "For adults" in page.words
    assert QUESTION not in page.words
    page.ask("something else")
    assert laid_out.asked[-1] == ("something else", ())


def test_two_people_do_not_see_each_others_talk(open_page, laid_out: LaidOutGuide) -> None:
    one, other = open_page(), open_page()

    one.ask("a thing that only one of us knows")
    other.ask("another matter")

    assert "only one of us knows" not in other.words
    assert "another matter" not in one.words
    assert laid_out.asked[-1] == ("another matter", ())
    assert open_page().messages == []


@pytest.mark.parametrize("message", [" ", " \n\t ", "\u200b\u2060", "?!...", "\x00\x07"])
def test_a_message_without_words_gets_one_clear_sentence(page: Page, message: str) -> None:
    page.ask(message)

    assert len(page.at.warning) == 1
    assert "Write what is on your mind, in your own words." in page.at.warning[0].value
    assert not page.at.exception
    assert len(page.ask(QUESTION).messages) == 4


def test_an_empty_message_changes_nothing(page: Page, laid_out: LaidOutGuide) -> None:
    page.ask("")

    assert "For adults" in page.words
    assert laid_out.asked == []
    assert not page.at.exception


def test_a_message_of_20000_characters_is_told_how_much_can_be_read(page: Page) -> None:
    page.ask("a" * 20_000)

    assert [warning.value for warning in page.at.warning] == [
        "That message has 20,000 characters, and at most 8,000 can be read at once. Shorten it to what matters most."
    ]
    assert not page.at.exception
    assert len(page.ask(QUESTION).messages) == 4


def test_danger_at_the_end_of_a_message_of_20000_characters_still_gets_the_card(
    page: Page, laid_out: LaidOutGuide
) -> None:
    """Care reads the whole of a message, however long; so the page may not cut it on the way."""
    message = "word " * 4_000 + "I want to kill myself tonight"
    laid_out.answers[message] = held_back("I want to kill myself tonight")

    _, card = page.ask(message).messages

    assert "findahelpline.com" in card.text


@pytest.mark.parametrize(
    "message",
    [
        "<script>alert(1)</script> why",
        "<img src=x onerror=alert(1)> why",
        "</div></section><style>*{display:none}</style>",
        "&lt;b&gt; and &amp;",
        "**bold** _soft_ `code` # heading",
        "![a](http://elsewhere.invalid/a.png)",
        "[here](javascript:alert(1))",
        "javascript:alert(1)",
        "it cost $5 and then $x$ and $$y$$",
        ":smile: :material/home: :red[red]",
        "one\ntwo\n\nthree",
        "a \"quoted\" <b>'word'</b>",
    ],
)
def test_what_is_typed_is_drawn_as_it_was_typed(page: Page, message: str) -> None:
    page.ask(message)

    html = page.at.chat_message[0].get("html")[0]
    assert [html.value] == [html.proto.body]
    drawn = Drawn(html.value)
    assert drawn.text == message
    assert drawn.tags == {"div"}
    assert drawn.problems == []
    assert not page.at.chat_message[0].markdown
    assert not html.proto.unsafe_allow_javascript


def test_danger_now_gets_the_card_and_none_of_the_guides_words(page: Page, laid_out: LaidOutGuide) -> None:
    message = "I want to kill myself tonight"
    laid_out.answers[message] = held_back(message)

    _, card = page.ask(message).messages

    assert "That sounds like a great deal of pain to carry, and I am glad that you wrote it down." in card.blocks
    assert "your local emergency number" in card.text
    assert "findahelpline.com" in card.text
    assert page.panels == []
    assert card.attributes("button") == []
    assert page.buttons == ["I was misunderstood", "I want to go on", "Clear conversation"]
    assert page.links == []
    for section in laid_out.sections:
        assert section.title not in page.words
        assert not any(section.text[s.start : s.end] in page.words for s in section.sentences)


def test_where_something_is_doubtful_the_card_stands_above_the_answer(page: Page, laid_out: LaidOutGuide) -> None:
    doubtful = Verdict(Category.SELF_HARM, Strength.MAYBE)
    laid_out.answer = Answer(Kind.ANSWER, ANSWER.parts, EDITION, doubtful, card_for(doubtful))

    _, reply = page.ask("what is the point of all this").messages

    first = next(n for n, words in enumerate(reply.blocks) if "findahelpline.com" in words)
    assert first < reply.blocks.index(f"{SHORT} 1")


def test_what_care_noticed_is_told_to_the_guide_with_the_next_message(page: Page, laid_out: LaidOutGuide) -> None:
    message = "I want to kill myself tonight"
    laid_out.answers[message] = held_back(message)

    page.ask(message).ask("what now")

    _, history = laid_out.asked[-1]
    assert history[-1].care == laid_out.answers[message].care


def test_what_the_guide_does_not_cover_is_said_with_links_to_the_nearest(page: Page, laid_out: LaidOutGuide) -> None:
    laid_out.answer = Answer(
        Kind.NOT_COVERED,
        (Part(("The guide does not cover that.",)),),
        EDITION,
        suggestions=(Suggestion("trust/bids", "Small bids"),),
    )

    _, reply = page.ask("how do I change a tyre").messages

    assert reply.text == "The guide does not cover that."
    assert page.buttons == ["Small bids", "Clear conversation"]


def test_a_library_that_breaks_in_the_middle_of_a_talk_says_so_and_keeps_the_talk(
    page: Page, laid_out: LaidOutGuide
) -> None:
    page.ask(QUESTION)
    laid_out.broken = LibraryError("The library's LIVE does not name an edition. Roll back.")

    page.ask("and then")

    assert [error.value for error in page.at.error] == ["The library's LIVE does not name an edition. Roll back."]
    assert page.messages[0].text == QUESTION
    assert not page.at.exception


MEANT = replace(
    ANSWER,
    understood=Suggestion("barriers/quiet", "A quiet partner"),
    otherwise=(Suggestion("trust/bids", "Small bids"), Suggestion("safety/unsafe", "When it is not safe")),
)


def test_what_else_may_have_been_meant_is_offered_under_the_title(page: Page, laid_out: LaidOutGuide) -> None:
    laid_out.answer = MEANT

    _, reply = page.ask(QUESTION).messages

    assert reply.blocks[0] == "A quiet partner"
    assert reply.within("summary") == ["I meant something else"]
    offered = [button for button in reply.attributes("button") if button.get("data-press", "").startswith("other-")]
    assert [button["data-press"] for button in offered] == ["other-0-trust-bids", "other-0-safety-unsafe"]


def test_who_meant_another_section_gets_its_answer_in_the_place_of_the_first(
    page: Page, laid_out: LaidOutGuide
) -> None:
    laid_out.answer = MEANT
    laid_out.about["trust/bids"] = Answer(Kind.ANSWER, (quote(BIDS, 1, "Trust grows in small moments."),), EDITION)
    page.ask(QUESTION).ask("and then")

    page.at.button(key="other-0-trust-bids").click().run()

    assert [message.text for message in page.messages[::2]] == [QUESTION, "and then"]
    assert page.messages[1].blocks == ["Small bids", "Trust grows in small moments. 1"]
    assert page.messages[3].blocks[0] == "A quiet partner"
    assert laid_out.asked[-1] == (QUESTION, ())


def test_a_practice_that_fits_opens_in_place_and_says_when_to_leave_it(page: Page, laid_out: LaidOutGuide) -> None:
    laid_out.answer = replace(ANSWER, practice=WALK)

    page.ask(QUESTION).press("Practice: A walk for two (10 minutes)")

    (panel,) = page.panels
    assert panel.title == "A walk for two"
    assert panel.article.blocks[-1] == "When to leave it. Leave it where you are afraid & alone."
    assert panel.address == {"section": ["barriers/quiet"]}


def test_a_marker_shows_its_quote(page: Page) -> None:
    _, reply = page.ask(QUESTION).messages

    shown = [button["data-quote"] for button in reply.attributes("button")]
    assert shown == [SHORT, " ".join(STEPS.split("\n")), SAFETY]


def test_an_answer_can_be_copied_with_its_sources_and_the_talk_be_saved(page: Page) -> None:
    page.ask(QUESTION)

    answer, talk = page.takeaways
    assert answer["data-copy"] == answer_to_keep(ANSWER)
    assert talk["data-download"] == talk_to_keep([(QUESTION, ANSWER)])
    assert talk["data-download-as"] == "conversation.md"


def test_the_address_of_a_quote_can_be_copied_in_the_contracted_form(page: Page) -> None:
    page.ask(QUESTION).press("Source 2: A quiet partner")

    (panel,) = page.panels
    assert [button["data-copy"] for button in panel.takeaways] == [ANSWER.citations[1].url]


def test_a_thumb_is_counted_and_taken_back_and_nothing_else_is_kept(
    page: Page, laid_out: LaidOutGuide, tmp_path: Path
) -> None:
    laid_out.library = Library(tmp_path)
    page.ask(QUESTION)
    thumbs = page.at.get("feedback")[0]

    thumbs.set_value(1).run()
    assert Feedback(tmp_path).counts() == [Thumbs("barriers/quiet", Kind.ANSWER, 1, 0)]
    assert "Only a count is kept." in page.words
    page.at.get("feedback")[0].set_value(0).run()

    assert Feedback(tmp_path).counts() == [Thumbs("barriers/quiet", Kind.ANSWER, 0, 1)]
    assert QUESTION.encode() not in (tmp_path / "feedback.sqlite3").read_bytes()


def test_a_library_that_cannot_keep_a_thumb_breaks_no_page(page: Page) -> None:
    page.ask(QUESTION).at.get("feedback")[0].set_value(1).run()

    assert not page.at.exception
    assert page.messages[0].text == QUESTION


def test_where_danger_was_noticed_no_thumb_is_asked_for(page: Page, laid_out: LaidOutGuide) -> None:
    doubtful = Verdict(Category.SELF_HARM, Strength.MAYBE)
    laid_out.answer = replace(ANSWER, care=doubtful, card=card_for(doubtful))

    assert not page.ask(QUESTION).at.get("feedback")
