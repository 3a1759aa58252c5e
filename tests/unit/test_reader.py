"""Reading the corpus: what an editor writes, and what an editor gets wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.guide.errors import CorpusError
from ingest.reader import Aside, FrontMatter, Source, read_corpus


def write(corpus: Path, name: str, content: str | bytes) -> Path:
    """Write a file of the guide as it is, and return its path."""
    path = corpus / "guide" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(corpus: Path) -> str:
    """Return the sentence with which a corpus is refused."""
    with pytest.raises(CorpusError) as caught:
        read_corpus(corpus)
    return str(caught.value)


def slugs(corpus: Path) -> list[str]:
    """Return the slugs of a corpus in its order."""
    return [source.slug for source in read_corpus(corpus).sources]


def test_front_matter_and_body_are_told_apart(tmp_path: Path) -> None:
    write(
        tmp_path,
        "trust/bids.md",
        "---\ntitle: Small bids\nslug: trust/bids\nsummary: They add up.\nopenness: true\n"
        "asked_as:\n  - what is a bid\nrelated:\n  - trust/honesty\n"
        "references:\n  - Driver and Gottman (2004)\n---\n\nText.\n",
    )

    [source] = read_corpus(tmp_path).sources

    assert source == Source(
        document="trust/bids.md",
        slug="trust/bids",
        front=FrontMatter(
            title="Small bids",
            slug="trust/bids",
            summary="They add up.",
            openness=True,
            asked_as=["what is a bid"],
            related=["trust/honesty"],
            references=["Driver and Gottman (2004)"],
        ),
        body="\nText.\n",
        chapter="Trust",
    )


@pytest.mark.parametrize("text", ["Only text.", "", "Text.\n\n---\n\nMore text.", "---\n---\nText."])
def test_front_matter_may_be_left_out(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a.md", text)

    [source] = read_corpus(tmp_path).sources

    assert source.front == FrontMatter()


def test_what_is_not_known_in_the_front_matter_is_let_be(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\nauthor: Jo\n1: one\n---\nText.")

    [source] = read_corpus(tmp_path).sources

    assert source.front == FrontMatter()


@pytest.mark.parametrize(
    "content",
    [
        "---\r\ntitle: A\r\n---\r\nOne.\r\nTwo.\r\n",
        "\ufeff---\ntitle: A\n---\nOne.\nTwo.\n",
        "---\rtitle: A\r---\rOne.\rTwo.\r",
    ],
    ids=["windows", "byte order mark", "old mac"],
)
def test_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path, content: str) -> None:
    write(tmp_path, "a.md", content)

    [source] = read_corpus(tmp_path).sources

    assert (source.front.title, source.body) == ("A", "One.\nTwo.\n")


def test_front_matter_that_is_never_closed_is_refused_at_its_first_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "---\ntitle: A\n\nText.\n")

    assert (
        refusal(tmp_path) == f"{path}:1: the front matter is opened with --- but not closed. Add a line --- below it."
    )


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("title: When: a question", 2),
        ("title: A\nsummary: so: it goes", 3),
        ("title: A\nasked_as:\n  - fine\n  - 'said' he", 5),
        ("title: A\n\n\n\tsummary: b", 5),
    ],
    ids=["colon in the first line", "colon in the second", "quote in a list", "tab"],
)
def test_yaml_that_cannot_be_read_is_refused_with_file_and_line(tmp_path: Path, front: str, line: int) -> None:
    path = write(tmp_path, "a.md", f"---\n{front}\n---\nText.\n")

    assert refusal(tmp_path).startswith(f"{path}:{line}: cannot be read: ")


def test_a_date_that_does_not_exist_is_refused_like_other_yaml(tmp_path: Path) -> None:
    """PyYAML raises no error of its own for it."""
    path = write(tmp_path, "a.md", "---\ntitle: 2024-13-45\n---\nText.\n")

    assert refusal(tmp_path).startswith(f"{path}:")


@pytest.mark.parametrize(("written", "meant"), [("openess", "openness"), ("asked-as", "asked_as"), ("titel", "title")])
def test_a_misspelt_key_is_refused_with_the_right_one(tmp_path: Path, written: str, meant: str) -> None:
    path = write(tmp_path, "a.md", f"---\n{written}: true\n---\nText.\n")

    assert refusal(tmp_path) == f"{path}: the front matter says {written!r}. Did you mean {meant!r}?"


@pytest.mark.parametrize(
    ("front", "where"),
    [
        ("openness: 'yes'", "openness"),
        ("openness: 1", "openness"),
        ("title: 2024", "title"),
        ("asked_as: one line", "asked_as"),
        ("asked_as:\n  - 12", "asked_as.0"),
        ("related:\n  - a: b", "related.0"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_its_place(tmp_path: Path, front: str, where: str) -> None:
    path = write(tmp_path, "a.md", f"---\n{front}\n---\nText.\n")

    assert refusal(tmp_path).startswith(f"{path}: {where}: ")


@pytest.mark.parametrize("front", ["- title", "just words", "12"])
def test_front_matter_that_is_no_list_of_keys_is_refused(tmp_path: Path, front: str) -> None:
    path = write(tmp_path, "a.md", f"---\n{front}\n---\nText.\n")

    assert refusal(tmp_path).startswith(f"{path}:2: the front matter must be lines such as ")


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", bytes(range(256)) * 4)

    assert refusal(tmp_path) == (
        f"{path} is not text in any encoding that is known. Save it as UTF-8 text, or take it out of the guide's "
        "folder."
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_encoding_of_a_file_is_found(tmp_path: Path, encoding: str) -> None:
    text = "She said \u201cI\u2019m at the caf\u00e9\u201d \u2013 and na\u00efve as we were, we believed her for years."
    write(tmp_path, "a.md", text.encode(encoding))

    [source] = read_corpus(tmp_path).sources

    assert source.body == text


def test_a_corpus_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone") == (
        f"There is no guide to read at {tmp_path / 'gone'}. Name a folder with texts, or one with a folder `guide`."
    )


def test_a_guide_without_a_section_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "notes.csv", "no,text")

    assert refusal(tmp_path).startswith(f"{tmp_path / 'guide'} holds no text that can be used.")


def test_two_files_with_one_slug_are_refused_and_both_are_named(tmp_path: Path) -> None:
    write(tmp_path, "trust/bids.md", "One.")
    write(tmp_path, "other.md", "---\nslug: trust/bids\n---\nTwo.")

    assert refusal(tmp_path) == ("other.md and trust/bids.md both have the slug trust/bids. Give one of them another.")


@pytest.mark.parametrize(
    "slug", ["Trust", "trust bids", "/trust", "trust/", "trust//bids", "trust_bids", "a--b", "../a", "ä"]
)
def test_a_slug_that_no_address_could_hold_is_refused(tmp_path: Path, slug: str) -> None:
    path = write(tmp_path, "a.md", f"---\nslug: {slug}\n---\nText.\n")

    assert refusal(tmp_path).startswith(f"{path}: the slug {slug!r} cannot be used.")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("trust/bids.md", "trust/bids"),
        ("My First Section.md", "my-first-section"),
        ("Trust & Co/What? Now!.md", "trust-co/what-now"),
        ("a/b/c.md", "a/b/c"),
    ],
)
def test_a_slug_is_made_from_the_path_where_none_is_given(tmp_path: Path, name: str, slug: str) -> None:
    write(tmp_path, name, "Text.")

    assert slugs(tmp_path) == [slug]


def test_names_in_other_scripts_get_slugs_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, "信頼.md", "One.")
    write(tmp_path, "静か.md", "Two.")

    assert len(set(slugs(tmp_path))) == 2


def test_sections_stand_in_the_order_of_the_contents_page(tmp_path: Path) -> None:
    """Listed sections first in their chapter, then the rest by name; chapters that are not listed come last."""
    for slug in ("trust/a", "trust/b", "trust/c", "start/z", "other/x", "alone"):
        write(tmp_path, f"{slug}.md", "Text.")
    write(
        tmp_path,
        "contents.yaml",
        "title: The guide\nchapters:\n  - folder: start\n    title: Begin\n  - folder: trust\n    title: On trust\n"
        "    sections: [c, a]\n",
    )

    read = read_corpus(tmp_path)

    assert read.title == "The guide"
    assert [(source.slug, source.chapter) for source in read.sources] == [
        ("start/z", "Begin"),
        ("trust/c", "On trust"),
        ("trust/a", "On trust"),
        ("trust/b", "On trust"),
        ("alone", ""),
        ("other/x", "Other"),
    ]


def test_without_a_contents_page_the_alphabet_orders_sections(tmp_path: Path) -> None:
    for slug in ("b/one", "a/two", "a/one"):
        write(tmp_path, f"{slug}.md", "Text.")

    assert slugs(tmp_path) == ["a/one", "a/two", "b/one"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\xff\xfe\x00", " is not text in any encoding that is known."),
        (b"chapters: [", ":1: cannot be read: "),
        (b"chapters:\n  - folder: a\n", ": chapters.0.title: "),
        (b"chapter: []\n", ": chapter: "),
    ],
    ids=["not text", "not YAML", "no title", "unknown key"],
)
def test_a_contents_page_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    write(tmp_path, "a.md", "Text.")
    path = write(tmp_path, "contents.yaml", content)

    assert refusal(tmp_path).startswith(f"{path}{complaint}")


def test_the_fingerprint_is_the_same_for_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write(tmp_path / folder, "a.md", "Text.")

    assert read_corpus(tmp_path / "one").fingerprint == read_corpus(tmp_path / "two").fingerprint


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "Text!"),
        ("a.md", "Text.\r\n"),
        ("a.md", "\ufeffText."),
        ("b.md", "More."),
        ("contents.yaml", "title: A"),
    ],
    ids=["a letter", "a line end", "a byte order mark", "a new file", "a contents page"],
)
def test_the_fingerprint_changes_with_any_byte(tmp_path: Path, name: str, content: str) -> None:
    write(tmp_path, "a.md", "Text.")
    before = read_corpus(tmp_path).fingerprint

    write(tmp_path, name, content)

    assert read_corpus(tmp_path).fingerprint != before


def test_the_fingerprint_changes_with_a_file_s_name(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "---\nslug: a\n---\nText.")
    before = read_corpus(tmp_path).fingerprint

    path.rename(path.with_name("b.md"))

    assert read_corpus(tmp_path).fingerprint != before


def test_the_fingerprint_does_not_look_at_other_files_or_at_times(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "Text.")
    before = read_corpus(tmp_path).fingerprint

    write(tmp_path, "notes.csv", "not,of,the,guide")
    path.touch()

    assert read_corpus(tmp_path).fingerprint == before


def test_files_whose_names_make_the_same_slug_get_slugs_of_their_own(tmp_path: Path) -> None:
    """The Markdown file keeps it; what the others get depends on their own names only."""
    for name in ("a note.txt", "a-note.md", "a_note.txt"):
        write(tmp_path, name, "Text.")
    three = {source.document: source.slug for source in read_corpus(tmp_path).sources}

    (tmp_path / "guide" / "a_note.txt").unlink()
    two = {source.document: source.slug for source in read_corpus(tmp_path).sources}

    assert three["a-note.md"] == "a-note"
    assert len(set(three.values())) == 3
    assert two.items() <= three.items()


def test_a_folder_without_a_guide_in_it_is_read_itself(tmp_path: Path) -> None:
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "one.txt").write_text("One.")
    (tmp_path / "two.md").write_text("Two.")

    assert [source.document for source in read_corpus(tmp_path).sources] == ["talks/one.txt", "two.md"]


def test_every_bad_file_is_named_and_the_first_explained(tmp_path: Path) -> None:
    write(tmp_path, "good.md", "Text.")
    write(tmp_path, "b.md", "---\ntitle: A\n")
    write(tmp_path, "c.pdf", "no PDF")
    write(tmp_path, "d.txt", "")

    said = refusal(tmp_path)

    assert said.startswith(f"{tmp_path}/guide/b.md:1: the front matter is opened with --- but not closed.")
    assert said.endswith(f"2 more cannot be used: {tmp_path}/guide/c.pdf, {tmp_path}/guide/d.txt.")


def test_bad_files_can_be_skipped_and_are_said_to_be(tmp_path: Path) -> None:
    write(tmp_path, "good.md", "Text.")
    write(tmp_path, "d.txt", " \n\u200b\n")

    corpus = read_corpus(tmp_path, allow_skips=True)

    assert [source.document for source in corpus.sources] == ["good.md"]
    assert corpus.skipped == (f"{tmp_path}/guide/d.txt holds no text. Take it out of the folder, or write some.",)


def test_what_is_left_out_of_a_document_is_told_once_a_kind(tmp_path: Path) -> None:
    write(tmp_path, "a.html", "<nav>Home</nav><nav>About</nav><p>Text.</p><footer>2024</footer>")
    write(tmp_path, "picture.png", b"\x89PNG")

    assert read_corpus(tmp_path).left_out == (
        Aside("picture.png", "not a kind of text", 1, ""),
        Aside("a.html", "menu", 2, "Home"),
        Aside("a.html", "page footer", 1, "2024"),
    )
