"""Files of the corpus to sources: guide Markdown or any other text, checked, with clear words about what is wrong."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from app.guide.errors import CorpusError
from app.guide.nouns import Practice
from ingest.bounded import BoundedReader
from ingest.decode import decode
from ingest.folder import IN_A_PROCESS, MARKDOWN, find, shown, text_folder
from ingest.formats.text import read_text
from ingest.golden import Golden, read_golden
from ingest.pieces import Document, LeftOut, Piece, Unreadable
from ingest.practices import read_practices

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")
FENCE = "---"


class FrontMatter(BaseModel):
    """What an editor may say above a section's text; `corpus/README.md` explains each."""

    model_config = ConfigDict(extra="ignore", strict=True)

    title: str = ""
    slug: str = ""
    summary: str = ""
    openness: bool = False
    asked_as: list[str] = []
    related: list[str] = []
    references: list[str] = []


class Chapter(BaseModel):
    """A chapter of the contents page: its folder, its title and its sections in order."""

    model_config = ConfigDict(extra="forbid", strict=True)

    folder: str
    title: str
    sections: list[str] = []


class Contents(BaseModel):
    """The order of the guide, from `guide/contents.yaml`; without it, the order of the alphabet."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: str = ""
    chapters: list[Chapter] = []

    def place(self, slug: str) -> tuple[int, int, str]:
        """Return a key that sorts sections in the guide's order; what is not listed comes last."""
        folder, _, name = slug.rpartition("/")
        for number, chapter in enumerate(self.chapters):
            if chapter.folder == folder:
                order = chapter.sections.index(name) if name in chapter.sections else len(chapter.sections)
                return number, order, slug
        return len(self.chapters), 0, slug

    def chapter_of(self, slug: str) -> str:
        """Return the title of the chapter that a section stands in, or empty for one without a chapter."""
        folder = slug.rpartition("/")[0]
        titles = (chapter.title for chapter in self.chapters if chapter.folder == folder)
        return next(titles, folder.replace("/", " · ").replace("-", " ").capitalize())


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the guide, read but not yet cut. `document` is its path below the folder of texts.

    Markdown comes as `body`; a file of another format comes as `pieces`, with the `name` that it gives itself.
    """

    document: str
    slug: str
    front: FrontMatter
    body: str = ""
    chapter: str = ""
    pieces: tuple[Piece, ...] = ()
    name: str = ""

    @property
    def is_markdown(self) -> bool:
        """Whether the source is Markdown."""
        return not self.pieces


@dataclass(frozen=True, slots=True)
class Aside:
    """Something of a document that is not in the guide, and how often; `first` are the first words of it."""

    document: str
    what: str
    times: int
    first: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """All sources in the guide's order, and a fingerprint over the bytes they were read from.

    `skipped` says of each file that could not be used why; `left_out` is what is no part of the documents' texts.
    """

    title: str
    sources: tuple[Source, ...]
    practices: tuple[Practice, ...]
    golden: tuple[Golden, ...]
    fingerprint: str
    skipped: tuple[str, ...] = ()
    left_out: tuple[Aside, ...] = ()
    allow_skips: bool = False


MOST_CHARACTERS = 5_000_000
NAMED_IN_ONE_SENTENCE = 5
LONGEST_WORDS_SHOWN = 80


def read_corpus(folder: Path, *, allow_skips: bool = False) -> Corpus:
    """Read every text below `folder`/guide, or below a folder without one of that name.

    Raises `CorpusError`, naming the file, where the folder is missing, a file cannot be read, its front matter is
    broken, or two files claim one slug. With `allow_skips`, files that cannot be used are left out and said to be, and
    it is an error only if there is no other.
    """
    root = text_folder(folder)
    found = find(root)
    contents, digest = _read_contents(root / "contents.yaml")
    sources: list[Source] = []
    bad = [f"{shown(path)} {reason}" for path, reason in found.refused]
    unread = [path for path, _ in found.refused]
    left_out = [Aside(shown(path.relative_to(root)), "not a kind of text", 1, "") for path in found.passed_over]
    with BoundedReader() as bounded:
        for path in found.files:
            document = path.relative_to(root).as_posix()
            try:
                source, aside, sha256 = _read(path, document, contents, bounded)
            except CorpusError as error:
                bad.append(_named(path, error))
                unread.append(path)
                continue
            digest.update(f"{document} {sha256}\n".encode())
            sources.append(source)
            left_out += _asides(document, aside)
    if bad and not allow_skips:
        raise CorpusError(_in_one_sentence(bad))
    if not sources:
        raise CorpusError(
            f"{root} holds no text that can be used. Put at least one file there: Markdown, text, HTML, Word, PDF or "
            "EPUB."
        )
    sources = _told_apart(sources)
    sources.sort(key=lambda source: contents.place(source.slug))
    skipped = {_slug_of(path.relative_to(root).as_posix()) for path in unread}
    practices = read_practices(folder, skipped | {source.slug for source in sources})
    golden = tuple(read_golden(folder))
    # What an edition is judged by changes nothing in it.
    fitted_on = [one for one in golden if one.split == "tune"]
    digest.update(repr((practices, fitted_on)).encode())
    return Corpus(
        contents.title,
        tuple(sources),
        practices,
        golden,
        digest.hexdigest(),
        skipped=tuple(bad),
        left_out=tuple(left_out),
        allow_skips=allow_skips,
    )


def _read(
    path: Path, document: str, contents: Contents, bounded: BoundedReader
) -> tuple[Source, tuple[LeftOut, ...], str]:
    """Return a file's source, what was left out of it, and the sha256 of its bytes."""
    if path.suffix.lower() in IN_A_PROCESS:
        read, sha256 = bounded.read(path)
        return _source_of(read, document, contents), read.left_out, sha256
    text, sha256 = _read_text(path)
    if path.suffix.lower() == MARKDOWN:
        return _source(document, text, path, contents), (), sha256
    plain = read_text(text)
    return _source_of(plain, document, contents), plain.left_out, sha256


def _source_of(read: Document, document: str, contents: Contents) -> Source:
    if not any(character.isalnum() for piece in read.pieces for character in piece.text):
        raise Unreadable("holds no text. Take it out of the folder, or write some.")
    if sum(len(piece.text) for piece in read.pieces) > MOST_CHARACTERS:
        raise Unreadable(f"holds more than {MOST_CHARACTERS:,} characters of text. Split it.")
    slug = _slug_of(document)
    return Source(document, slug, FrontMatter(), "", contents.chapter_of(slug), read.pieces, read.title)


def _named(path: Path, error: CorpusError) -> str:
    return f"{shown(path)} {error}" if isinstance(error, Unreadable) else str(error)


def _in_one_sentence(bad: list[str]) -> str:
    """Return the first complaint whole, and the others' files by name."""
    if len(bad) == 1:
        return bad[0]
    names = [complaint.split(": ")[0].split(" ")[0] for complaint in bad[1 : 1 + NAMED_IN_ONE_SENTENCE]]
    more = ", ..." if len(bad) > 1 + NAMED_IN_ONE_SENTENCE else ""
    return f"{bad[0]} {len(bad) - 1} more cannot be used: {', '.join(names)}{more}."


def _asides(document: str, left_out: tuple[LeftOut, ...]) -> Iterator[Aside]:
    kinds = dict.fromkeys(one.what for one in left_out)
    for what in kinds:
        words = [one.words for one in left_out if one.what == what]
        yield Aside(document, what, len(words), words[0][:LONGEST_WORDS_SHOWN])


def _read_text(path: Path) -> tuple[str, str]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable("cannot be read. Change its permissions, or take it out of the guide's folder.") from error
    return decode(raw), hashlib.sha256(raw).hexdigest()


def _read_contents(path: Path) -> tuple[Contents, hashlib._Hash]:
    digest = hashlib.sha256()
    if not path.is_file():
        return Contents(), digest
    try:
        text, found = _read_text(path)
        digest.update(f"contents {found}\n".encode())
        return Contents.model_validate(_load_yaml(text, path, 1) or {}), digest
    except Unreadable as error:
        raise CorpusError(_named(path, error)) from error
    except ValidationError as error:
        raise CorpusError(_explain(error, path)) from error


def _source(document: str, text: str, path: Path, contents: Contents) -> Source:
    front, body = _split(text, path)
    slug = front.slug or _slug_of(document)
    if not SLUG.fullmatch(slug):
        raise CorpusError(
            f"{path}: the slug {slug!r} cannot be used. Write small letters, digits, hyphens and slashes, such as "
            "trust/bids."
        )
    return Source(document=document, slug=slug, front=front, body=body, chapter=contents.chapter_of(slug))


def _split(text: str, path: Path) -> tuple[FrontMatter, str]:
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return FrontMatter(), text
    closing = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if closing is None:
        raise CorpusError(f"{path}:1: the front matter is opened with --- but not closed. Add a line --- below it.")
    loaded = _load_yaml("\n".join(lines[1:closing]), path, 2)
    return _front_matter(loaded or {}, path), "\n".join(lines[closing + 1 :])


def _load_yaml(text: str, path: Path, first_line: int) -> object:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:  # a date such as 2026-13-01 is a ValueError
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise CorpusError(
            f"{path}:{line}: cannot be read: {problem}. "
            "Put text that holds a colon or quotation marks in 'single quotes'."
        ) from error


def _front_matter(loaded: object, path: Path) -> FrontMatter:
    if not isinstance(loaded, dict):
        raise CorpusError(f"{path}:2: the front matter must be lines such as `title: Small bids for connection`.")
    if any("\ud800" <= character <= "\udfff" for character in "".join(_strings(loaded))):
        raise CorpusError(f"{path}: the front matter holds half a character (an escape such as \\ud83d). Remove it.")
    for key in loaded:
        # A misspelt `openness` would take a section's safety sentence away in silence.
        near = difflib.get_close_matches(str(key), FrontMatter.model_fields, n=1, cutoff=0.8)
        if near and key not in FrontMatter.model_fields:
            raise CorpusError(f"{path}: the front matter says {key!r}. Did you mean {near[0]!r}?")
    try:
        return FrontMatter.model_validate(loaded)
    except ValidationError as error:
        raise CorpusError(_explain(error, path)) from error


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, str):
        yield value


def _explain(error: ValidationError, path: Path) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{path}: {where}: {first['msg'][0].lower()}{first['msg'][1:]}. Correct it as corpus/README.md shows."


def _slug_of(document: str) -> str:
    """Make a slug of a file's path, for a file that names none."""
    parts = PurePosixPath(document).with_suffix("").as_posix().lower().split("/")
    return "/".join(_words(parts))


def _words(parts: list[str]) -> Iterator[str]:
    for part in parts:
        word = re.sub(r"[^a-z0-9]+", "-", part).strip("-")
        # Names in other scripts leave nothing; a hash keeps them apart.
        yield word or hashlib.sha256(part.encode()).hexdigest()[:8]


def _told_apart(sources: list[Source]) -> list[Source]:
    """Give files whose names make the same slug slugs of their own; raise where an editor wrote the same one twice."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(source.slug, []).append(source)
    return [source for group in groups.values() for source in _own_slugs(group)]


def _own_slugs(group: list[Source]) -> list[Source]:
    markdown = [source for source in group if source.is_markdown]
    if len(markdown) > 1 and any(source.front.slug for source in markdown):
        first, second, *_ = markdown
        raise CorpusError(
            f"{first.document} and {second.document} both have the slug {first.slug}. Give one of them another."
        )
    keeper = group[0] if len(group) == 1 else markdown[0] if len(markdown) == 1 else None
    return [
        source if source is keeper else replace(source, slug=f"{source.slug}-{_short_hash(source.document)}")
        for source in group
    ]


def _short_hash(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()[:6]
