"""Publishing: an edition is built beside the live one, embeds only what is new, and is swapped in when it is sealed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from app.guide.ask import Guide
from app.guide.edition import Edition
from app.guide.errors import CorpusError, LibraryBusy, LibraryError, NoSuchSection
from app.guide.library import Library
from app.guide.manifest import checksums, read_manifest
from app.guide.nouns import Passage
from app.guide.private import PrivateFolder
from app.guide.search import Search, nearest_passages
from app.guide.vectors import ASKED_AS, PASSAGES
from ingest.changes import Move
from ingest.passages import passage_text, vector_id
from ingest.publish import Report
from ingest.rollback import roll_back
from tests.conftest import OFF_TOPIC, Publish
from tests.fakes import BreakingEncoder, Clock, CountingEncoder, files_of, write_section

ALL = {"barriers/quiet", "talk/listening", "trust/bids"}


def replace_in(path: Path, old: str, new: str) -> None:
    """Replace words of a file that hold them once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def bids(corpus: Path) -> Path:
    """Return the file about small bids."""
    return corpus / "guide" / "trust" / "bids.md"


def found(edition: Edition, question: str) -> list[str]:
    """Return the slugs that a question finds."""
    return [hit.section.slug for hit in Search(edition, CountingEncoder())(question)]


def all_passages(edition: Edition) -> list[tuple[str, str]]:
    """Return slug and words of every passage."""
    return [
        (heading.slug, edition.section(heading.slug).text[passage.start : passage.end])
        for heading in edition.headings
        for passage in edition.passages_of(heading.slug)
    ]


def cosines(edition: Edition, question: str) -> dict[Passage, float]:
    """Return every passage's cosine with a question, without what float32 cannot tell."""
    [vector] = CountingEncoder().encode([question])
    return {passage: round(cosine, 5) for passage, cosine in nearest_passages(edition, vector)}


def editions_of(library: Library) -> list[str]:
    """Return the names of what lies in the folder of editions."""
    return sorted(path.name for path in (library.root / "editions").iterdir())


def damage(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_the_first_build_adds_and_embeds_everything_once(
    publish: Publish, library: Library, encoder: CountingEncoder
) -> None:
    report = publish()

    assert report == Report(
        edition=library.live_id(),
        added=("barriers/quiet", "talk/listening", "trust/bids"),
        embedded=12,
        seconds=report.seconds,
        gate=report.gate,
    )
    passages_and_lines = encoder.encoded[:12]
    assert len(set(passages_and_lines)) == 12
    assert "Small bids\nTrust one thing today." in passages_and_lines
    assert "how do we trust again" in passages_and_lines


def test_a_second_build_embeds_nothing_and_makes_no_new_edition(
    published: str, publish: Publish, library: Library, encoder: CountingEncoder
) -> None:
    before = files_of(library.root)

    report = publish()

    assert report == Report(edition=published, unchanged=3, seconds=report.seconds)
    assert encoder.encoded == []
    assert files_of(library.root) == before


def test_a_changed_sentence_embeds_only_its_passage(
    published: str, publish: Publish, corpus: Path, encoder: CountingEncoder
) -> None:
    replace_in(bids(corpus), "Trust one thing today.", "Trust two things today.")

    report = publish()

    assert (report.changed, report.unchanged, report.embedded) == (("trust/bids",), 2, 1)
    assert encoder.encoded[0] == "Small bids\nTrust two things today."


def test_what_an_edition_is_fitted_on_is_embedded_once(
    corpus: Path, publish: Publish, encoder: CountingEncoder
) -> None:
    publish()
    first = set(encoder.encoded)
    encoder.encoded.clear()
    write_section(corpus, "new", "Thank you.")

    publish()

    assert first.issuperset(OFF_TOPIC)
    assert set(OFF_TOPIC).isdisjoint(encoder.encoded)


def test_a_changed_asked_as_line_embeds_only_itself(
    published: str, publish: Publish, corpus: Path, encoder: CountingEncoder
) -> None:
    replace_in(bids(corpus), "trust is gone", "trust went away")

    report = publish()

    assert (report.changed, report.embedded, encoder.encoded[0]) == (("trust/bids",), 1, "trust went away")


def test_a_changed_title_embeds_the_passages_that_stand_under_it(
    published: str, publish: Publish, corpus: Path
) -> None:
    replace_in(bids(corpus), "title: Small bids", "title: Bids")

    report = publish()

    assert (report.changed, report.embedded) == (("trust/bids",), 2)


def test_what_is_no_text_changes_without_embedding(published: str, publish: Publish, corpus: Path) -> None:
    replace_in(bids(corpus), "- talk/listening", "- barriers/quiet")

    report = publish()

    assert (report.changed, report.embedded) == (("trust/bids",), 0)
    assert report.edition != published


def test_a_change_that_a_reader_cannot_see_makes_an_edition_that_changed_nothing(
    published: str, publish: Publish, corpus: Path
) -> None:
    bids(corpus).write_bytes(bids(corpus).read_bytes() + b"\n")

    report = publish()

    assert (report.changed, report.unchanged, report.embedded) == ((), 3, 0)


def test_a_renamed_slug_embeds_nothing(published: str, publish: Publish, corpus: Path, library: Library) -> None:
    replace_in(bids(corpus), "slug: trust/bids", "slug: trust/small-bids")

    report = publish()

    assert (report.added, report.changed, report.removed, report.embedded) == ((), (), (), 0)
    assert report.moved == (Move("trust/small-bids", "trust/bids", "trust/bids.md", "trust/bids.md"),)
    assert report.unchanged == 2
    assert found(library.open_live(), "trust")[0] == "trust/small-bids"


def test_a_moved_file_embeds_nothing(published: str, publish: Publish, corpus: Path, library: Library) -> None:
    target = corpus / "guide" / "elsewhere" / "file.md"
    target.parent.mkdir()
    bids(corpus).rename(target)

    report = publish()

    assert (report.added, report.changed, report.removed, report.embedded) == ((), (), (), 0)
    assert report.moved == (Move("trust/bids", "trust/bids", "elsewhere/file.md", "trust/bids.md"),)
    assert library.open_live().section("trust/bids").document == "elsewhere/file.md"


def test_a_removed_section_is_gone_from_everything_but_the_kept_texts(
    published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    before = library.open_live()
    gone = before.section("trust/bids")
    vectors = {vector_id(passage_text(gone, p.start, p.end)) for p in before.passages_of("trust/bids")}
    lines = {vector_id(line) for line in gone.asked_as}
    assert vectors <= before.vectors.ids(PASSAGES)
    assert lines <= before.vectors.ids(ASKED_AS)
    bids(corpus).unlink()

    report = publish()

    after = library.open_live()
    assert (report.removed, report.unchanged, report.embedded) == (("trust/bids",), 2, 0)
    assert after.vectors.ids(PASSAGES).isdisjoint(vectors)
    assert after.vectors.ids(ASKED_AS).isdisjoint(lines)
    assert not after.words.scores("trust bids moments").any()
    assert b"small moments" not in (library.folder(after.id) / "guide.sqlite3").read_bytes()
    assert set(found(after, "trust")) == ALL - {"trust/bids"}
    with pytest.raises(NoSuchSection):
        after.section("trust/bids")
    assert library.kept_section("trust/bids", published) == gone


def test_a_section_that_comes_back_is_embedded_again(published: str, publish: Publish, corpus: Path) -> None:
    text = bids(corpus).read_bytes()
    bids(corpus).unlink()
    publish()
    bids(corpus).write_bytes(text)

    report = publish()

    assert (report.added, report.embedded) == (("trust/bids",), 4)


@pytest.mark.parametrize("title", ["Small bids", "Another title"])
def test_equal_text_in_two_sections_stays_two_results(
    published: str, publish: Publish, corpus: Path, library: Library, title: str
) -> None:
    text = bids(corpus).read_text()
    (corpus / "guide" / "copy.md").write_text(text.replace("trust/bids", "copy").replace("Small bids", title))

    publish()

    hits = Search(library.open_live(), CountingEncoder())("trust one thing")
    assert [hit.section.slug for hit in hits[:2]] == ["copy", "trust/bids"]
    assert hits[0].quote == hits[1].quote


def test_taking_one_of_two_equal_texts_away_leaves_the_other(
    published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    copy = corpus / "guide" / "copy.md"
    copy.write_text(bids(corpus).read_text().replace("trust/bids", "copy"))
    publish()
    copy.unlink()

    report = publish()

    assert (report.removed, report.embedded) == (("copy",), 0)
    assert found(library.open_live(), "trust")[0] == "trust/bids"


def test_every_edition_has_the_same_results_as_one_built_from_nothing(
    published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    """Copying and changing the parent's vectors leaves no trace of the way there."""
    write_section(corpus, "new", "Money and grief. Thank you.", asked_as=["we argue about money"])
    publish()
    replace_in(bids(corpus), "Trust one thing today.", "Thank them today.")
    (corpus / "guide" / "talk" / "listening.md").unlink()
    publish()
    grown = library.open_live()
    shutil.rmtree(library.root)

    publish()

    fresh = library.open_live()
    assert all_passages(grown) == all_passages(fresh)
    assert [grown.vectors.ids(name) == fresh.vectors.ids(name) for name in (PASSAGES, ASKED_AS)] == [True, True]
    for question in ("trust", "thank", "money and grief", "quiet walk", "none"):
        assert cosines(grown, question) == cosines(fresh, question)


def test_another_encoder_embeds_everything_again(published: str, publish: Publish, library: Library) -> None:
    other = CountingEncoder("other", "other-1")

    report = publish(other)

    assert (report.unchanged, report.embedded, report.edition != published) == (3, 12, True)
    assert read_manifest(library.folder(report.edition)).encoder_fingerprint == "other-1"


def test_an_edition_names_its_parent(published: str, publish: Publish, corpus: Path, library: Library) -> None:
    write_section(corpus, "new", "Thank you.")

    report = publish()

    assert read_manifest(library.folder(report.edition)).parent == published


def test_live_moves_only_to_an_edition_that_is_sealed_and_whose_texts_are_kept(
    published: str, publish: Publish, corpus: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_section(corpus, "new", "Thank you.")
    seen = []
    move = Library.move_live

    def look_and_move(self: Library, edition_id: str) -> None:
        folder = self.folder(edition_id)
        sealed = read_manifest(folder).checksums == checksums(folder)
        seen.append((self.live_id(), sealed, self.kept_section("new", edition_id).text))
        move(self, edition_id)

    monkeypatch.setattr(Library, "move_live", look_and_move)

    report = publish()

    assert seen == [(published, True, "Thank you.")]
    assert library.live_id() == report.edition


def test_building_leaves_the_parent_as_it_was(published: str, publish: Publish, corpus: Path, library: Library) -> None:
    before = files_of(library.folder(published))
    replace_in(bids(corpus), "Trust one thing today.", "Thank them today.")

    publish()

    assert files_of(library.folder(published)) == before


@pytest.mark.parametrize("at", ["we argue about grief", "car"], ids=["while embedding", "while calibrating"])
def test_a_build_that_breaks_leaves_what_was_live(
    published: str, publish: Publish, corpus: Path, library: Library, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.examples.off_topic_lines", lambda: ["how to mend a car"])
    live = files_of(library.folder(published))
    write_section(corpus, "new", "Grief and money.", asked_as=["we argue about grief"])

    with pytest.raises(RuntimeError, match="the power went"):
        publish(BreakingEncoder(at))

    assert library.live_id() == published
    assert files_of(library.folder(published)) == live
    assert found(library.open_live(), "trust")[0] == "trust/bids"


def test_a_build_that_breaks_leaves_nothing_of_itself(
    published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    """What it had written may be what filled the disk."""
    write_section(corpus, "new", "Grief and money.")

    with pytest.raises(RuntimeError):
        publish(BreakingEncoder("Grief"))

    assert editions_of(library) == [published]


def test_what_was_left_by_the_killed_is_removed_by_the_next_build(
    published: str, publish: Publish, corpus: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    in_use = PrivateFolder()
    left = [
        library.root / "editions" / ".building-20260101T000000Z-01234567" / "guide.sqlite3",
        library.root / "LIVE.new",
        library.root / "texts.sqlite3.new",
        copies / "attune-private-0123" / "vectors" / "chroma.sqlite3",
        copies / "attune-private-0123.lock",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left")

    report = publish()

    assert [path for path in left if path.exists()] == []
    assert [path for path in copies.iterdir() if path.is_dir()] == [in_use.path]
    assert editions_of(library) == sorted({published, report.edition})


def test_a_corpus_that_cannot_be_used_changes_nothing(
    published: str, publish: Publish, corpus: Path, library: Library
) -> None:
    before = files_of(library.root)
    bids(corpus).write_text("---\nopeness: true\n---\nText.")

    with pytest.raises(CorpusError):
        publish()

    assert files_of(library.root) == before


def test_one_writer_at_a_time(published: str, publish: Publish, library: Library, corpus: Path) -> None:
    write_section(corpus, "new", "Thank you.")

    with FileLock(library.lock_path), pytest.raises(LibraryBusy):
        publish()

    assert (library.live_id(), editions_of(library)) == (published, [published])


def test_the_lock_is_let_go_of_after_a_build_that_broke(publish: Publish) -> None:
    with pytest.raises(RuntimeError):
        publish(BreakingEncoder("trust"))

    assert publish().embedded == 12


@pytest.mark.parametrize(
    "damaged", ["guide.sqlite3", "lexical/params.index.json", "coverage.json", "vectors/chroma.sqlite3"]
)
def test_building_again_mends_a_damaged_live_edition(
    published: str, publish: Publish, library: Library, encoder: CountingEncoder, damaged: str
) -> None:
    """It is what the message about the damage tells to do."""
    damage(library.folder(published) / damaged)

    publish()

    assert Guide(library, encoder).search("trust")[0].section.slug == "trust/bids"


@pytest.mark.parametrize("damaged", ["guide.sqlite3", "vectors/chroma.sqlite3", "vectors/*/data_level0.bin"])
def test_nothing_is_taken_over_from_a_damaged_parent(
    published: str, publish: Publish, library: Library, corpus: Path, damaged: str
) -> None:
    """Damage that is copied would be sealed with good checksums."""
    [path] = sorted(library.folder(published).glob(damaged))[:1]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    write_section(corpus, "new", "Thank you.")

    report = publish()

    assert report.embedded == 13
    assert found(library.open_live(), "trust")[0] == "trust/bids"


def test_a_live_edition_of_a_newer_program_is_built_over(published: str, publish: Publish, library: Library) -> None:
    manifest = library.folder(published) / "edition.json"
    replace_in(manifest, '"schema": 1', '"schema": 9')

    report = publish()

    assert (report.embedded, library.live_id()) == (12, report.edition)


@pytest.mark.parametrize("content", ["", "nonsense", "20200101T000000Z-0123abcd"])
def test_a_corrupt_live_is_mended_by_the_next_build(
    published: str, publish: Publish, library: Library, content: str
) -> None:
    library.live_path.write_text(content)

    report = publish()

    assert library.live_id() == report.edition
    assert found(library.open_live(), "trust")[0] == "trust/bids"


def test_kept_texts_that_are_damaged_are_told_and_cost_nothing_that_was_live(
    published: str, publish: Publish, library: Library, corpus: Path
) -> None:
    library.texts_path.write_bytes(b"this is no database" * 100)
    write_section(corpus, "new", "Thank you.")

    with pytest.raises(LibraryError, match=r"texts\.sqlite3"):
        publish()

    assert library.live_id() == published


def test_rolling_back_makes_the_edition_before_live(three: list[str], library: Library) -> None:
    assert roll_back(library) == three[1] == library.live_id()
    assert roll_back(library) == three[0] == library.live_id()
    assert editions_of(library) == three
    assert {heading.slug for heading in library.open_live().headings} == ALL


@pytest.mark.parametrize("number", [0, 1, 2])
def test_rolling_back_to_a_named_edition_goes_either_way(three: list[str], library: Library, number: int) -> None:
    roll_back(library)

    assert roll_back(library, three[number]) == three[number] == library.live_id()


def test_there_is_nothing_to_roll_back_to_before_the_first(published: str, library: Library) -> None:
    with pytest.raises(LibraryError, match="There is no earlier edition to go back to"):
        roll_back(library)
    assert library.live_id() == published


@pytest.mark.parametrize("name", ["20200101T000000Z-0123abcd", "nonsense", "../.."])
def test_rolling_back_to_what_is_not_kept_changes_nothing(published: str, library: Library, name: str) -> None:
    with pytest.raises(LibraryError, match="python -m ingest list"):
        roll_back(library, name)
    assert library.live_id() == published


def test_rolling_back_with_a_corrupt_live_takes_the_newest(three: list[str], library: Library) -> None:
    library.live_path.write_text("nonsense")

    assert roll_back(library) == three[2] == library.live_id()


def test_rolling_back_passes_over_a_damaged_edition(three: list[str], library: Library) -> None:
    """Only a sound edition may become live."""
    damage(library.folder(three[1]) / "guide.sqlite3")

    assert roll_back(library) == three[0]


def test_rolling_back_to_a_damaged_edition_is_refused(three: list[str], library: Library) -> None:
    damage(library.folder(three[0]) / "guide.sqlite3")

    with pytest.raises(LibraryError):
        roll_back(library, three[0])
    assert library.live_id() == three[2]


def test_rolling_back_waits_for_no_one(three: list[str], library: Library) -> None:
    with FileLock(library.lock_path), pytest.raises(LibraryBusy):
        roll_back(library)
    assert library.live_id() == three[2]


def test_a_build_after_a_roll_back_goes_on_from_there(three: list[str], publish: Publish, library: Library) -> None:
    roll_back(library)

    report = publish()

    assert read_manifest(library.folder(report.edition)).parent == three[1]
    assert (report.changed, report.embedded) == (("new",), 1)


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_only_the_newest_editions_are_kept(
    three: list[str], publish: Publish, corpus: Path, library: Library, keep: int
) -> None:
    write_section(corpus, "new", "Thank you always.")

    report = publish(keep=keep)

    assert editions_of(library) == [*three, report.edition][-keep:]


def test_the_live_edition_is_kept_also_after_the_clock_was_set_back(
    three: list[str], publish: Publish, corpus: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_section(corpus, "new", "Thank you always.")
    monkeypatch.setattr("ingest.build.datetime", Clock(day=1))

    report = publish(keep=1)

    assert report.edition < three[1]
    assert editions_of(library) == [report.edition, three[2]]
    assert library.open_live().section("new").text == "Thank you always."


def test_the_texts_of_pruned_editions_stay(three: list[str], publish: Publish, corpus: Path, library: Library) -> None:
    write_section(corpus, "new", "Thank you always.")

    newest = publish(keep=1).edition

    texts = [library.kept_section("new", edition).text for edition in (*three[1:], newest)]
    assert texts == ["Thank you once.", "Thank you twice.", "Thank you always."]


def test_the_report_lies_in_the_edition(published: str, publish: Publish, corpus: Path, library: Library) -> None:
    write_section(corpus, "new", "Thank you.")

    report = publish()

    stored = json.loads((library.folder(report.edition) / "report.json").read_text())
    assert (stored["added"], stored["unchanged"], stored["embedded"]) == (["new"], 3, 1)


def test_a_guide_of_one_sentence_can_be_published(publish: Publish, corpus: Path, library: Library) -> None:
    shutil.rmtree(corpus / "guide")
    write_section(corpus, "only", "Trust.")

    report = publish()

    assert (report.added, report.embedded) == (("only",), 1)
    assert found(library.open_live(), "trust") == ["only"]


def test_two_builds_in_one_second_do_not_meet(
    publish: Publish, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same guide may be built again at once, with another encoder."""
    monkeypatch.setattr("ingest.build.datetime", Clock(day=2, step=0))
    publish()

    report = publish(CountingEncoder("other", "other-1"))

    assert report.embedded == 12
    assert library.open_live().manifest.encoder_name == "other"
