"""The editor's working copy of the corpus: a folder `draft` in the library, which uploads go into.

The corpus folder itself is never written to. An upload is checked and unpacked beside the working copy and takes its
place in one step, so a file that is refused changes nothing.
"""

from __future__ import annotations

import io
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.guide.errors import LibraryError, UnusableInput

FOLDER = "draft"
MOST_FILES = 50_000
LARGEST = 200 * 1024 * 1024
_PIECE = 1024 * 1024
# What stands beside the guide's folder, not in it.
_BESIDE = frozenset({"golden.yaml", "practices.yaml", "references.yaml"})
_NOT_A_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that an editor dropped."""

    name: str
    content: bytes


class WorkingCopy:
    """A corpus that an editor changes through the page."""

    def __init__(self, library: Path, corpus: Path) -> None:
        """Keep it in this library; it begins as a copy of `corpus`, whose texts may also lie in no folder `guide`."""
        self.folder = library / FOLDER
        self._corpus = corpus

    @property
    def exists(self) -> bool:
        """Whether there is one."""
        return self.folder.is_dir()

    def files(self) -> list[str]:
        """Return the paths of its files, in order."""
        return _files(self.folder)

    def put(self, uploads: Sequence[Upload], *, whole: bool = False) -> list[str]:
        """Put files into it and return their paths; with `whole`, they are all that it then holds.

        A file from a zip keeps its place. Another one takes the place of the file that has its name, or comes into
        `guide`. Raises `UnusableInput`, and changes nothing, for an upload that is damaged, encrypted or too large, or
        whose paths lead out of the folder; and `LibraryError` where the disk refuses.
        """
        with _failing_clearly(self.folder), _staged(self.folder, None if whole else self._origin()) as staged:
            placed = list(_placed(uploads, _files(staged)))
            for path, content in placed:
                target = staged / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        return sorted(path for path, _ in placed)

    def take_out(self, paths: Iterable[str]) -> None:
        """Remove files from it."""
        known = set(self.files())
        with _failing_clearly(self.folder):
            for path in known.intersection(paths):
                (self.folder / path).unlink()

    def discard(self) -> None:
        """Remove it; the next upload begins from the corpus again."""
        with _failing_clearly(self.folder):
            shutil.rmtree(self.folder, ignore_errors=False)

    def _origin(self) -> Path | None:
        return next((folder for folder in (self.folder, self._corpus) if folder.is_dir()), None)


@contextmanager
def _staged(target: Path, origin: Path | None) -> Iterator[Path]:
    """Yield a folder beside the working copy, with a copy of `origin`; it takes its place where all went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix=f".{FOLDER}-", dir=target.parent))
    new = root / "new"
    try:
        if origin:
            # Links are not followed: they may lead anywhere, or round in a circle.
            bare = not (origin / "guide").is_dir()
            shutil.copytree(origin, new / "guide" if bare else new, symlinks=True, ignore=_links_and_hidden)
            for path in [new / "guide" / name for name in _BESIDE] if bare else []:
                if path.is_file():
                    path.rename(new / path.name)
        new.mkdir(exist_ok=True)
        yield new
        if target.is_dir():
            target.rename(root / "old")
        new.rename(target)
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def _failing_clearly(folder: Path) -> Iterator[None]:
    """Turn what a disk raises into one sentence."""
    try:
        yield
    except OSError as error:
        raise LibraryError(
            f"The working copy at {folder} cannot be changed ({error.strerror or type(error).__name__}). "
            "Check the space on the disk and the permissions."
        ) from error


def _placed(uploads: Sequence[Upload], existing: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield every file with its path; raises for a path that two files claim."""
    left = LARGEST
    seen: set[str] = set()
    for upload in uploads:
        alone = not upload.name.lower().endswith(".zip")
        found = [(_place(upload.name, existing), upload.content)] if alone else _unpacked(upload, existing, left)
        for path, content in found:
            left -= len(content)
            if left < 0:
                raise _too_large(upload.name)
            if path.lower() in seen:
                raise UnusableInput(f"{path} was given twice. Rename one of the two, or leave it out.")
            seen.add(path.lower())
            yield path, content
    if not seen:
        raise UnusableInput("There was no file in what you dropped, so nothing was changed.")


def _place(name: str, existing: Sequence[str]) -> str:
    name = _safe(name, name)
    if name in _BESIDE:
        return name
    same = [path for path in existing if path.rpartition("/")[2] == name]
    if len(same) > 1:
        raise UnusableInput(
            f"The guide has {len(same)} files called {name} ({', '.join(same[:3])}). Put the right folder into a zip."
        )
    return same[0] if same else f"guide/{name}"


def _unpacked(upload: Upload, existing: Sequence[str], left: int) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a zip; what it says of its own sizes is not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(upload.content)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
            if len(members) > MOST_FILES:
                raise UnusableInput(f"{upload.name} holds {len(members):,} files; at most {MOST_FILES:,} can be read.")
            paths = [_safe(one.filename, upload.name) for one in members]
            root = _root_of(paths, existing)
            for member, path in zip(members, paths, strict=True):
                if stat.S_ISLNK(member.external_attr >> 16):
                    raise UnusableInput(f"{upload.name}: {path} is a link to another file. Put the file itself there.")
                if member.flag_bits & 1:
                    raise UnusableInput(f"{upload.name} is encrypted. Zip the files without a password.")
                content = _read(archive, member, upload.name, left)
                left -= len(content)
                yield _inside(path, root), content
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise UnusableInput(f"{upload.name} is no zip that can be read. Make it again.") from error
    except Exception as error:
        if isinstance(error, (UnusableInput, OSError)):
            raise
        raise UnusableInput(f"{upload.name} is damaged. Make it again.") from error  # zlib's, lzma's and bz2's own


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, left: int) -> bytes:
    pieces = []
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise _too_large(name)
            pieces.append(piece)
    return b"".join(pieces)


def _root_of(paths: Sequence[str], existing: Sequence[str]) -> str:
    """Return the folder of a zip in which `guide` stands, with a slash; or else the one folder around everything.

    A folder that the guide has already is a chapter of it.
    """
    for path in paths:
        before, found, _ = f"/{path}".partition("/guide/")
        if found:
            return f"{before}/".removeprefix("/")
    tops = {path.partition("/")[0] for path in paths if "/" in path}
    if len(tops) != 1 or not all("/" in path for path in paths):
        return ""
    top = f"{tops.pop()}/"
    return "" if any(path.startswith(f"guide/{top}") for path in existing) else top


def _inside(path: str, root: str) -> str:
    path = path.removeprefix(root)
    return path if path.startswith("guide/") or path in _BESIDE else f"guide/{path}"


def _safe(path: str, name: str) -> str:
    """Return a path of a zip or a file's name; raises where it could lead out of the folder or cannot be a file's."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or len(part) > _LONGEST_NAME or _NOT_A_NAME.search(part) for part in parts):
        raise UnusableInput(
            f"{name} holds a path that cannot be used ({path[:60]!r}): it leads out of the folder or has a sign that "
            "file names may not have. Nothing was changed."
        )
    return path


def _is_hidden(path: str) -> bool:
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in path.split("/"))


def _links_and_hidden(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".") or (Path(folder) / name).is_symlink()]


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _too_large(name: str) -> UnusableInput:
    return UnusableInput(f"{name} is too large: at most {LARGEST // 1024 // 1024} MB can be taken in at once.")
