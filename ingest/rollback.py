"""Going back: LIVE is moved to an earlier edition, and nothing else is touched."""

from __future__ import annotations

from app.guide.errors import LibraryError
from app.guide.library import Library
from app.guide.manifest import verify
from ingest.lock import writing


def roll_back(library: Library, edition_id: str = "") -> str:
    """Make an earlier edition live, by default the newest sound one before the live one; return its id.

    Raises `LibraryError` where there is none such, it is damaged, or the gate refused it.
    """
    with writing(library):
        chosen = edition_id or _newest_before_live(library)
        if not library.folder(chosen).is_dir():
            raise LibraryError(f"The edition {chosen} is not kept. `python -m ingest list` shows what is.")
        if verify(library.folder(chosen)).refused:
            raise LibraryError(
                f"The gate refused the edition {chosen}, and it was never live. Publish its text with "
                "`python -m ingest build --publish-anyway REASON`."
            )
        library.move_live(chosen)
        return chosen


def _newest_before_live(library: Library) -> str:
    """Return the newest sound edition before the live one; before any other, where LIVE names none."""
    try:
        live = library.live_id()
    except LibraryError:
        live = ""
    if found := library.newest_sound(before=live):
        return found.id
    raise LibraryError("There is no earlier edition to go back to. `python -m ingest list` shows what is kept.")
