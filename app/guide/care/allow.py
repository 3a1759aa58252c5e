"""What the guide may still answer after a card, as a table that a non-programmer can read.

Each row: the danger, how strongly it was signalled, and the sections that may be quoted. `safety/*` means every
section of the chapter "safety", `*` means every section. What no row allows is held back. At MAYBE nothing is held
back: the answer comes, and the help line stands above it.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from app.guide.care.verdict import Category, Strength, Verdict

NOTHING: tuple[str, ...] = ()
SAFETY = ("safety/*",)
EVERYTHING = ("*",)
# Where someone is afraid, nothing that asks for openness, talk, trust, repair or desire may be quoted.
IN_FEAR = ("safety/*", "help/when-to-see-a-therapist")

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


def is_allowed(verdict: Verdict, slug: str) -> bool:
    """Whether a section may be quoted after this verdict; where several dangers were noticed, each must allow it."""
    if verdict.strength is Strength.MAYBE:
        return True
    if verdict.minor:
        return _fits(slug, ALLOWED_TO_A_MINOR)
    dangers = (verdict.category, *(danger for danger in verdict.also if danger is not Category.MEDICAL))
    return all(_fits(slug, ALLOWED[danger, verdict.strength]) for danger in dangers)


def _fits(slug: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(slug, pattern) for pattern in patterns)
