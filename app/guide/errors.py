"""Everything that can go wrong in words that a person can act on.

One root class. A message says what is wrong, where, and what to do next, and never holds a person's words.
"""

from __future__ import annotations


class AttuneError(Exception):
    """The root of all errors of this program; `exit_code` is what a command ends with."""

    exit_code = 2


class UnusableInput(AttuneError):
    """A question, an argument, a setting or a file that cannot be used as it is."""


class CorpusError(UnusableInput):
    """The source of the guide is missing or cannot be read."""


class EncoderError(AttuneError):
    """The embedding model is missing, is not the one that was promised, or cannot be loaded."""


class LibraryError(AttuneError):
    """The library is empty, damaged, or made by another program version or encoder."""


class NoSuchSection(LibraryError):
    """No edition holds the section that was asked for."""


class SectionRemoved(NoSuchSection):
    """An edition held the section, and an editor had it forgotten."""


class Refused(AttuneError):
    """The gate judged a new edition worse than the live one."""

    exit_code = 1


class LibraryBusy(AttuneError):
    """Another process is writing to the library."""

    exit_code = 3
