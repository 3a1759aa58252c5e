"""What people say to a program gets a short, true, fixed answer; what they ask a guide does not."""

from __future__ import annotations

import pytest

from app.guide.small_talk import WITH_MODEL, small_talk


@pytest.mark.parametrize(
    ("message", "begins"),
    [
        ("Hi!", "Hello."),
        ("good evening", "Hello."),
        ("Thank you so much!", "You are welcome."),
        ("bye", "Goodbye."),
        ("Are you a real person?", "No person is writing here."),
        ("am i talking to a bot", "No person is writing here."),
        ("What are you?", "This is Attune,"),
        ("how does this work?", "This is Attune,"),
        ("who wrote this", "The guide is an original text"),
        ("do you store what I type?", "Nothing that you write is stored."),
        ("is this private?", "Nothing that you write is stored."),
        ("Are my messages saved?", "Nothing that you write is stored."),
        ("HELLO there!!", "Hello."),
        ("heyyy", "Hello."),
        ("hi, how are you?", "Hello."),
        ("thx", "You are welcome."),
        ("ok thank u so much", "You are welcome."),
        ("Thanks, that helped a lot.", "You are welcome."),
        ("ok bye for now", "Goodbye."),
        ("r u a real person", "No person is writing here."),
        ("are you an AI or a human?", "No person is writing here."),
        ("is this a bot?", "No person is writing here."),
        ("am i talking to someone real", "No person is writing here."),
        ("what's this?", "This is Attune,"),
        ("what can you do", "This is Attune,"),
        ("Who made this guide?", "The guide is an original text"),
        ("where do your answers come from", "The guide is an original text"),
        ("do you save anything", "Nothing that you write is stored."),
        ("Do you store what I say?", "Nothing that you write is stored."),
        ("can anyone read my messages", "Nothing that you write is stored."),
        ("are you recording this", "Nothing that you write is stored."),
    ],
)
def test_small_talk_is_answered(message: str, begins: str) -> None:
    assert small_talk(message).startswith(begins)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("are you an AI?", True),
        ("what is this", True),
        ("who wrote this", True),
        ("is this private?", True),
        ("hi", False),
    ],
)
def test_what_the_program_says_of_itself_names_a_language_model_that_is_on(message: str, told: bool) -> None:
    assert small_talk(message, model=True) == small_talk(message) + f" {WITH_MODEL}" * told


@pytest.mark.parametrize(
    "message",
    [
        "Hi, my wife left me",
        "thanks, but what if he says no",
        "what is this distance between us",
        "do you think my marriage can be saved",
        "will my relationship be saved",
        "is it ok to keep some things private",
        "are my feelings private or should I share them",
        "should I keep a record of our talks",
        "are you supposed to tell your partner everything",
        "who are you when you are with him",
        "my partner says good night and nothing else",
        "is this normal",
        "is this abuse",
        "hi, is it ok to read my wife's messages",
        "are you supposed to be alone in a marriage",
        "thanks to him I never talk",
        "how do I say thank you to my husband",
        "who can see what we mean to each other",
        "do they keep it to themselves",
        "do you keep score in a marriage",
        "is there someone for everyone",
        "how does it work when one wants more",
        "what is this feeling",
        "he says goodbye and goes",
        "help me talk to her",
        "are we real",
        "",
    ],
)
def test_a_question_for_the_guide_is_no_small_talk(message: str) -> None:
    assert small_talk(message) == ""
