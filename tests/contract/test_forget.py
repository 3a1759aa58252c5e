"""Deleted is deleted: what an editor had forgotten lies in no byte of the library, and its links say so."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from app.guide.ask import Guide
from app.guide.errors import SectionRemoved, UnusableInput
from app.guide.library import Library
from app.guide.vectors import ASKED_AS, PASSAGES
from ingest.forget import Plan
from ingest.publish import Wishes
from tests.conftest import Publish
from tests.fakes import CountingEncoder, files_of, write_section

# Words that stand nowhere else, in every place that an editor can write into.
SECRET = "Marguerite Zweifelhofer"
SECRET_WORDS = ("marguerit", "zweifelhof", "pomegran", "quicksilv")


@pytest.fixture
def secret(corpus: Path) -> Path:
    """A section that holds what is to be forgotten."""
    return write_section(
        corpus,
        "stories/zweifelhofer",
        f"## Short answer\n\nGrief and money: {SECRET} kept a pomegranate.\n",
        title="Marguerite and quicksilver",
        summary="Of Zweifelhofer.",
        asked_as=["grief about quicksilver"],
    )


def traces(library: Library) -> list[str]:
    """Return the files of a library in which a word of the secret stands, or the vector of one of its texts."""
    rows = CountingEncoder().encode(["grief money", "grief"])
    patterns = [re.compile(re.escape(word.encode()), re.IGNORECASE) for word in SECRET_WORDS]
    patterns += [re.compile(re.escape(np.asarray(row, dtype=np.float32).tobytes())) for row in rows]
    return sorted(
        name for name, content in files_of(library.root).items() if any(found.search(content) for found in patterns)
    )


def forgetting(told: list[Plan] | None = None, *earlier_of: str) -> Wishes:
    """Return the wish to forget; what is said beforehand is added to a list."""
    return Wishes(forget=True, earlier_of=earlier_of, confirm=(told if told is not None else []).append)


def test_what_is_to_be_forgotten_can_be_seen_by_this_test(secret: Path, publish: Publish, library: Library) -> None:
    edition = publish().edition

    found = traces(library)

    names = {name.removeprefix(f"editions/{edition}/").partition("/")[0] for name in found}
    assert names == {"guide.sqlite3", "lexical", "report.json", "texts.sqlite3", "vectors"}


def test_no_byte_of_a_forgotten_section_stays(secret: Path, publish: Publish, corpus: Path, library: Library) -> None:
    publish()
    write_section(corpus, "new", "Thank you.")
    publish()
    secret.unlink()

    report = publish(wishes=forgetting())

    assert traces(library) == []
    assert (report.removed, report.forgotten, report.embedded) == (("stories/zweifelhofer",), 2, 0)
    assert [manifest.id for manifest in library.manifests()] == [report.edition] == [library.live_id()]


def test_also_what_was_removed_long_ago_is_forgotten(
    secret: Path, publish: Publish, corpus: Path, library: Library
) -> None:
    """Chroma's file keeps a deleted vector, and every edition since has copied it."""
    publish()
    secret.unlink()
    publish()
    write_section(corpus, "new", "Thank you.")
    publish()
    before = traces(library)

    report = publish(wishes=forgetting())

    assert any("vectors" in name for name in before)
    assert traces(library) == []
    assert [manifest.id for manifest in library.manifests()] == [report.edition]


def test_editions_from_before_are_kept(secret: Path, publish: Publish, library: Library) -> None:
    content = secret.read_bytes()
    secret.unlink()
    clean = publish().edition
    secret.write_bytes(content)
    holder = publish().edition
    secret.unlink()
    told: list[Plan] = []

    report = publish(wishes=forgetting(told))

    assert told == [Plan(("stories/zweifelhofer",), ((holder, "stories/zweifelhofer"),), (holder,))]
    assert [manifest.id for manifest in library.manifests()] == [report.edition, clean]
    assert traces(library) == []


def test_links_to_what_was_forgotten_say_so_and_others_still_open(
    secret: Path, publish: Publish, library: Library, encoder: CountingEncoder
) -> None:
    old = publish().edition
    guide = Guide(library, encoder)
    bids = guide.section("trust/bids")[0]
    secret.unlink()

    publish(wishes=forgetting())

    with pytest.raises(SectionRemoved, match="removed from the guide"):
        guide.section("stories/zweifelhofer", old)
    assert guide.section("trust/bids", old) == (bids, old)


def test_the_vectors_of_what_stays_are_the_same_as_before(
    secret: Path, publish: Publish, library: Library, encoder: CountingEncoder
) -> None:
    publish()
    before = library.open_live()
    kept = {name: sorted(before.vectors.ids(name)) for name in (PASSAGES, ASKED_AS)}
    secret.unlink()

    publish(wishes=forgetting())

    after = library.open_live()
    for name, ids in kept.items():
        held = sorted(after.vectors.ids(name))
        assert (set(held) < set(ids), len(ids) - len(held)) == (True, 1)
        assert np.array_equal(after.vectors.vectors(name, held), before.vectors.vectors(name, held))


def test_saying_no_changes_nothing(secret: Path, publish: Publish, library: Library) -> None:
    publish()
    secret.unlink()
    before = files_of(library.root)

    def no(plan: Plan) -> None:
        raise UnusableInput("No.")

    with pytest.raises(UnusableInput):
        publish(wishes=Wishes(forget=True, confirm=no))
    assert files_of(library.root) == before


def test_nothing_is_asked_where_nothing_was_removed(published: str, publish: Publish, library: Library) -> None:
    before = files_of(library.root)
    told: list[Plan] = []

    report = publish(wishes=forgetting(told))

    assert (told, report.forgotten, report.edition) == ([], 0, published)
    assert files_of(library.root) == before


def test_a_section_that_only_moved_is_not_forgotten(published: str, publish: Publish, corpus: Path) -> None:
    path = corpus / "guide" / "trust" / "bids.md"
    path.write_text(path.read_text().replace("slug: trust/bids", "slug: trust/small-bids"))
    told: list[Plan] = []

    publish(wishes=forgetting(told))

    assert told == []


def test_of_a_section_that_stays_the_earlier_texts_can_be_forgotten(
    publish: Publish, corpus: Path, library: Library, encoder: CountingEncoder
) -> None:
    """A name that should not have stood there, in a section that is still wanted."""
    path = corpus / "guide" / "trust" / "bids.md"
    clean = path.read_text()
    path.write_text(clean.replace("Keep trust small.", f"{SECRET} of grief and money kept quicksilver."))
    old = publish().edition
    path.write_text(clean)

    publish(wishes=forgetting(None, "trust/bids"))

    assert traces(library) == []
    guide = Guide(library, encoder)
    assert guide.section("trust/bids")[0].title == "Small bids"
    with pytest.raises(SectionRemoved):
        guide.section("trust/bids", old)


def test_a_section_that_never_was_cannot_be_forgotten(published: str, publish: Publish) -> None:
    with pytest.raises(UnusableInput, match="trust/never"):
        publish(wishes=forgetting(None, "trust/never"))


def test_forgetting_that_was_interrupted_is_done_by_the_next(
    secret: Path, publish: Publish, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    secret.unlink()

    def die(library: Library, links: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr("ingest.forget.forget_texts", die)
        with pytest.raises(RuntimeError):
            publish(wishes=forgetting())

    report = publish(wishes=forgetting())

    assert traces(library) == []
    assert (report.forgotten, report.embedded) == (1, 0)


def test_what_the_gate_refuses_forgets_nothing(secret: Path, publish: Publish, corpus: Path, library: Library) -> None:
    (corpus / "golden.yaml").write_text(
        "- {id: g1, split: judge, ask: grief about quicksilver, sections: [stories/zweifelhofer]}\n"
    )
    before = publish().edition
    secret.unlink()

    report = publish(wishes=forgetting())

    assert (report.forgotten, library.live_id()) == (0, before)
    assert library.kept_section("stories/zweifelhofer", before).slug == "stories/zweifelhofer"
    again = publish(wishes=Wishes(forget=True, anyway="She asked for it."))
    assert (again.forgotten, traces(library)) == (1, [])
