"""The words of the cards. Every sentence a person in danger may read stands here, to be reviewed by people who know.

No clinician and no domestic-abuse advocate has reviewed them yet. What they must never do is in docs/care.md.
`{emergency}` becomes the number of the chosen country. Order on the screen: before, opening, sentences, lines, step.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.guide.care.verdict import Category

HELP_LINE = "In danger, or thinking of ending your life? Help now"
NOT_A_PERSON = "I am a written guide, not a person, and I cannot see whether you are safe."
UNKNOWN_EMERGENCY = "your local emergency number (112 works on many mobile networks)"
THROAT = "A hand on the throat can do harm that shows later. Please let a doctor look today, even if you feel fine."


@dataclass(frozen=True, slots=True)
class CardText:
    """The fixed words of one card."""

    opening: str
    sentences: tuple[str, ...]
    step: str
    before: str = ""


FULL: dict[Category, CardText] = {
    Category.SELF_HARM: CardText(
        opening="That sounds like a great deal of pain to carry, and I am glad that you wrote it down.",
        sentences=(
            f"{NOT_A_PERSON} People can help, by day and by night.",
            "If you might act on this, or already have, or if someone else might: call {emergency}.",
        ),
        step=(
            'One small step: be near somebody, or send one person these words: "Please stay with me, I am not okay." '
            "If you fear for someone else, stay with them, or on the phone with them, until help is there."
        ),
    ),
    Category.PARTNER_VIOLENCE: CardText(
        before="Could anyone else see this screen or its history? Leave this page closes it at once.",
        opening="What you describe can be abuse. It is not your fault.",
        sentences=(
            f"Being more open or finding better words will not make you safe. {NOT_A_PERSON}",
            "If you are in danger: call {emergency}.",
            "People who know this well listen in confidence, and they will not push you to decide anything.",
        ),
        step="One small step: tell one person whom you trust, from a phone or computer that nobody else uses.",
    ),
    Category.CHILD_ABUSE: CardText(
        opening="Thank you for taking this seriously. A child may be at risk, and no child is to blame for that.",
        sentences=(
            "I am a written guide, not a person, and I cannot see whether the child is safe.",
            "If a child could be hurt today: call {emergency}.",
            "You need no proof to ask for advice. It is better not to question the child and not to confront anybody.",
        ),
        step=(
            "One small step: tell one of these people only what you saw or heard. If you fear what you might do "
            "yourself, lay the child down somewhere safe, leave the room and call now."
        ),
    ),
    Category.HARM_TO_OTHERS: CardText(
        opening="You wrote this down, and that matters.",
        sentences=(
            "I am a written guide, not a person, and I cannot see whether anybody is safe.",
            "If someone may be hurt, or you may lose control: call {emergency}.",
            "Please get some distance now: another room, another house. Leave what could hurt with someone else.",
            "Hurting or frightening someone is a choice, and it can be stopped. These people can help with that:",
        ),
        step="One small step: speak with one of them before you speak with the other person again.",
    ),
    Category.MEDICAL: CardText(
        opening="What you describe can be an emergency, and minutes may count.",
        sentences=(
            "I am a written guide, not a person and not a doctor, and I cannot judge how serious this is.",
            "Call {emergency} now, and say what happened and when.",
        ),
        step="One small step: stay with the person, or ask someone to stay with you, until help is there.",
    ),
}

SHORT: dict[Category, CardText] = {
    Category.SELF_HARM: CardText(
        opening="Thoughts of dying or of self-harm, now or long ago, yours or another's, are a lot to live with.",
        sentences=("If it becomes urgent: call {emergency}. To talk it over with a person:",),
        step=(
            "If it is someone you love: ask them plainly whether they are thinking of suicide. Asking does not plant "
            "the idea. Listen, stay near, and help them to reach one of these people."
        ),
    ),
    Category.PARTNER_VIOLENCE: CardText(
        opening="What you describe can be abuse, and whoever lives with it, or lived with it, is not to blame.",
        sentences=("In danger: call {emergency}. These people help friends, family, and when it is past too:",),
        step=(
            "If it is someone you know: listen, believe them and ask what would help. Confronting the other person can "
            "put them at more risk."
        ),
    ),
    Category.CHILD_ABUSE: CardText(
        opening="What is done to a child is never the child's fault, and it can be felt for a long time.",
        sentences=("If a child could be hurt today: call {emergency}. To talk with people who know about it:",),
        step="You owe nobody the whole story. A trauma therapist, or one of these people, will go at your pace.",
    ),
    Category.HARM_TO_OTHERS: CardText(
        opening="Hurting or frightening someone is a choice, and it can be stopped. It matters that you wrote it down.",
        sentences=("If someone may be hurt: call {emergency}. To talk it over with a person:",),
        step="If you feel it building, get some distance first and speak later.",
    ),
    Category.MEDICAL: CardText(
        opening="What you describe may need a doctor.",
        sentences=("If it is happening now or getting worse: call {emergency}.",),
        step="Stay with the person, or ask someone to stay with you.",
    ),
}

# Somebody under 18 writes.
A_CHILD_WRITES = CardText(
    opening="Thank you for telling. This is not your fault, and you are not in trouble.",
    sentences=(
        f"{NOT_A_PERSON} There are people whose job it is to help you.",
        "If it could happen again today: call {emergency}.",
    ),
    step=(
        "One small step: tell one grown-up whom you trust, such as a teacher, a nurse or a friend's parent. If the "
        "first one does not help, tell another one."
    ),
)

# Somebody under 18 writes, and nothing else was noticed.
UNDER_18 = CardText(
    opening="This guide is written for adults, so not all of it will fit you.",
    sentences=(
        "In danger: call {emergency}. To talk with somebody who listens to people of your age, about anything:",
    ),
    step="",
)

QUIET = CardText(
    opening="If you are in danger, or thinking of ending your life, people can help right now.",
    sentences=("In danger: call {emergency}. To talk with a person:",),
    step="This guide is not a person and cannot see whether you are safe.",
)
