"""What a browser would draw of a piece of HTML, read with the standard library's own parser."""

from __future__ import annotations

from html.parser import HTMLParser

BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "div"})
UNSEEN = frozenset({"style", "script"})
VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Drawn(HTMLParser):
    """The elements, the words and the marked words of some HTML, and what is wrong with its form."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.problems: list[str] = []
        self._open: list[str] = []
        self._blocks: list[str] = [""]
        self._marked: list[str] = [""]
        self._within: dict[str, list[str]] = {}
        self.feed(html)
        self.close()
        self.problems += [f"<{tag}> is never closed" for tag in self._open]

    @property
    def blocks(self) -> list[str]:
        """The words, block by block."""
        return [words for words in self._blocks if words]

    @property
    def text(self) -> str:
        """All words, the blocks joined as a section joins them."""
        return "\n".join(self.blocks)

    @property
    def marked(self) -> str:
        """The marked words, the blocks joined as a section joins them."""
        return "\n".join(words for words in self._marked if words)

    @property
    def tags(self) -> set[str]:
        """The names of all elements."""
        return {tag for tag, _ in self.elements}

    def within(self, tag: str) -> list[str]:
        """The words inside each element of a name."""
        return self._within.get(tag, [])

    def attributes(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of a name."""
        return [attributes for found, attributes in self.elements if found == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in VOID:
            self._blocks.append("")
            return
        self._open.append(tag)
        self._within.setdefault(tag, []).append("")
        if tag in BLOCKS:
            self._blocks.append("")
            self._marked.append("")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self._open[-1:] or 'nothing'}")
            return
        self._open.pop()
        if tag in BLOCKS:
            self._blocks.append("")
            self._marked.append("")

    def handle_data(self, data: str) -> None:
        if UNSEEN & set(self._open):
            return
        self._blocks[-1] += data
        for tag in dict.fromkeys(self._open):
            self._within[tag][-1] += data
        if "mark" in self._open:
            self._marked[-1] += data
