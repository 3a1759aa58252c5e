"""Files of the corpus to sources: front matter and Markdown body, checked, with clear words about what is wrong."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from app.guide.errors import CorpusError
from app.guide.nouns import Practice
from ingest.golden import Golden, read_golden
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
    """One file of the guide, read but not yet cut. `document` is its path below the guide's folder."""

    document: str
    slug: str
    front: FrontMatter
    body: str
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All sources in the guide's order, and a fingerprint over the bytes they were read from."""

    title: str
    sources: tuple[Source, ...]
    practices: tuple[Practice, ...]
    golden: tuple[Golden, ...]
    fingerprint: str


def read_corpus(folder: Path) -> Corpus:
    """Read every Markdown file below `folder`/guide.

    Raises `CorpusError`, naming the file, where the folder is missing, a file is no UTF-8 text, its front matter is
    broken, or two files claim one slug.
    """
    guide = folder / "guide"
    if not guide.is_dir():
        raise CorpusError(f"There is no guide to read at {guide}. Name a folder that has a folder `guide` in it.")
    paths = sorted(p for p in guide.rglob("*.md") if p.is_file())
    if not paths:
        raise CorpusError(f"{guide} holds no Markdown file. Put at least one section there, as corpus/README.md says.")
    contents, digest = _read_contents(guide / "contents.yaml")
    sources = []
    for path in paths:
        text, found = _read_text(path)
        document = path.relative_to(guide).as_posix()
        digest.update(f"{document} {found}\n".encode())
        sources.append(_source(document, text, path, contents))
    _refuse_shared_slugs(sources)
    sources.sort(key=lambda source: contents.place(source.slug))
    practices = read_practices(folder, {source.slug for source in sources})
    golden = tuple(read_golden(folder))
    # What an edition is judged by changes nothing in it.
    fitted_on = [one for one in golden if one.split == "tune"]
    digest.update(repr((practices, fitted_on)).encode())
    return Corpus(contents.title, tuple(sources), practices, golden, digest.hexdigest())


def _read_text(path: Path) -> tuple[str, str]:
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise CorpusError(f"{path} {reason}. Save it as UTF-8 text, or take it out of the guide's folder.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n"), hashlib.sha256(raw).hexdigest()


def _read_contents(path: Path) -> tuple[Contents, hashlib._Hash]:
    digest = hashlib.sha256()
    if not path.is_file():
        return Contents(), digest
    text, found = _read_text(path)
    digest.update(f"contents {found}\n".encode())
    try:
        return Contents.model_validate(_load_yaml(text, path, 1) or {}), digest
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
    parts = document.removesuffix(".md").lower().split("/")
    return "/".join(_words(parts))


def _words(parts: list[str]) -> Iterator[str]:
    for part in parts:
        word = re.sub(r"[^a-z0-9]+", "-", part).strip("-")
        # Names in other scripts leave nothing; a hash keeps them apart.
        yield word or hashlib.sha256(part.encode()).hexdigest()[:8]


def _refuse_shared_slugs(sources: list[Source]) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        if source.slug in seen:
            raise CorpusError(
                f"{seen[source.slug]} and {source.document} both have the slug {source.slug}. Give one of them another."
            )
        seen[source.slug] = source.document
