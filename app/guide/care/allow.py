"""What the guide may still answer after a card, as a table that a non-programmer can read.

Each row: the danger, how strongly it was signalled, and the sections that may be quoted. `safety/*` means every
section of the chapter "safety", `*` means every section; `#limits` after a section means that only its part "When this
does not fit" may be quoted. What no row allows is held back. At MAYBE nothing is held back,
but from somebody under 18 what is for adults: the answer comes, and the help line stands above it.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from app.guide.care.verdict import Category, Strength, Verdict

NOTHING: tuple[str, ...] = ()
SAFETY = ("safety/*",)
EVERYTHING = ("*",)
# Where someone is afraid, nothing that asks for openness, talk, trust, repair or desire may be quoted.
# Of the section on therapy only the part on one's own support: the rest speaks of sessions together.
IN_FEAR = ("safety/*", "help/when-to-see-a-therapist#limits")

# fmt: off
ALLOWED: dict[tuple[Category, Strength], tuple[str, ...]] = {
    # danger                      strength        sections that may be quoted
    (Category.SELF_HARM,        Strength.NOW):  NOTHING,           # until the person chooses to go on
    (Category.SELF_HARM,        Strength.CARE): EVERYTHING,        # with the line on top
    (Category.PARTNER_VIOLENCE, Strength.NOW):  IN_FEAR,
    (Category.PARTNER_VIOLENCE, Strength.CARE): IN_FEAR,           # also what a NOW of this talk leaves behind
    (Category.CHILD_ABUSE,      Strength.NOW):  SAFETY,
    (Category.CHILD_ABUSE,      Strength.CARE): SAFETY,
    (Category.HARM_TO_OTHERS,   Strength.NOW):  SAFETY,
    (Category.HARM_TO_OTHERS,   Strength.CARE): SAFETY,
    (Category.MEDICAL,          Strength.NOW):  NOTHING,
    (Category.MEDICAL,          Strength.CARE): NOTHING,
}
# fmt: on

# Somebody under 18 gets no section of the guide after a card: it is written for adults.
ALLOWED_TO_A_MINOR = NOTHING
# What somebody under 18 never gets, also where nothing was noticed.
ADULTS_ONLY = ("situations/desire-differences", "situations/closeness-without-sex")


def is_allowed(verdict: Verdict, slug: str) -> bool:
    """Whether a section may be quoted after this verdict; where several dangers were noticed, each must allow it."""
    if verdict.strength is Strength.MAYBE:
        return not (verdict.minor and _fits(slug, ADULTS_ONLY))
    if verdict.minor:
        return _fits(slug, ALLOWED_TO_A_MINOR)
    dangers = (verdict.category, *(danger for danger in verdict.also if danger is not Category.MEDICAL))
    return all(_fits(slug, ALLOWED[danger, verdict.strength]) for danger in dangers)


def only_part(verdict: Verdict, slug: str) -> str:
    """The one part of an allowed section that may be quoted after this verdict; empty where all of it may be."""
    if verdict.strength is Strength.MAYBE:
        return ""
    dangers = (verdict.category, *verdict.also)
    rows = [ALLOWED[danger, verdict.strength] for danger in dangers]
    named = (pattern.partition("#") for row in rows for pattern in row)
    return next((part for pattern, _, part in named if part and fnmatchcase(slug, pattern)), "")


def _fits(slug: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(slug, pattern.partition("#")[0]) for pattern in patterns)
