"""What people say to a program gets a short, true, fixed answer; what they ask a guide does not."""

from __future__ import annotations

import pytest

from app.guide.small_talk import small_talk


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
    ],
)
def test_small_talk_is_answered(message: str, begins: str) -> None:
    assert small_talk(message).startswith(begins)


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
        "",
    ],
)
def test_a_question_for_the_guide_is_no_small_talk(message: str) -> None:
    assert small_talk(message) == ""
