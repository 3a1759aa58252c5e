"""A page as one person sees it: its words, its buttons and its links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

from streamlit.testing.v1 import AppTest

from tests.ui.markup import Drawn

SCREEN = Path(__file__).parents[2] / "app" / "ui" / "screen.py"


def shown(label: str) -> str:
    """What a person sees of a label: Streamlit takes it for Markdown, where a backslash frees the next sign."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", label)


def _is_takeaway(button: dict[str, str]) -> bool:
    return "data-copy" in button or "data-download" in button


class Page:
    """One session of one person."""

    def __init__(self) -> None:
        self.at = AppTest.from_file(str(SCREEN), default_timeout=60).run()

    def ask(self, message: str) -> Page:
        """Type a message and send it."""
        self.at.chat_input[0].set_value(message).run()
        return self

    def press(self, label: str) -> Page:
        """Press the button that says so."""
        next(button for button in self.at.button if shown(button.label) == label).click().run()
        return self

    def read(self, **address: str) -> Page:
        """Open the reading page at an address."""
        self.at.switch_page("views/read.py")
        self.at.query_params.clear()
        for name, value in address.items():
            self.at.query_params[name] = value
        self.at.run()
        return self

    def safety(self) -> Page:
        """Open the page about safety and privacy."""
        self.at.switch_page("views/safety.py").run()
        return self

    def choose(self, country: str) -> Page:
        """Choose a country below a card."""
        box = self.at.selectbox[0]
        box.select_index(box.options.index(country)).run()
        return self

    @property
    def chosen(self) -> str:
        """The country that is chosen below the card."""
        box = self.at.selectbox[0]
        return box.options[box.index]

    @property
    def buttons(self) -> list[str]:
        """What the buttons say."""
        return [shown(button.label) for button in self.at.button]

    @property
    def links(self) -> list[str]:
        """What the links to pages say."""
        return [shown(link.value) for link in self.at.get("page_link")]

    @property
    def links_below(self) -> list[str]:
        """What the links in the middle of the page say."""
        return [shown(link.value) for link in self.at.main.get("page_link")]

    @property
    def links_beside(self) -> list[str]:
        """What the links at the side of the page say."""
        return [shown(link.value) for link in self.at.sidebar.get("page_link")]

    @property
    def titles(self) -> list[str]:
        """The page's titles."""
        return [shown(title.value) for title in self.at.title]

    @property
    def headings(self) -> list[str]:
        """The headings below them."""
        return [shown(heading.value) for heading in self.at.header]

    @property
    def messages(self) -> list[Drawn]:
        """What stands in the bubbles of the talk, first of all the first question; without the buttons below it."""
        said = [[html.value for html in bubble.get("html")] for bubble in self.at.chat_message]
        return [Drawn("".join(html for html in htmls if not html.startswith("<button"))) for htmls in said]

    @property
    def takeaways(self) -> list[dict[str, str]]:
        """What the buttons that copy or save something hold."""
        return [button for drawn in self._html() for button in drawn.attributes("button") if _is_takeaway(button)]

    @property
    def article(self) -> Drawn:
        """The section that is drawn to be read."""
        return self.articles[0]

    @property
    def articles(self) -> list[Drawn]:
        """The section that is drawn to be read, and how it reads now where that is another text."""
        return [drawn for drawn in self._html() if "article" in drawn.tags]

    @property
    def panels(self) -> list[Panel]:
        """The panels that are open."""
        return [Panel(block) for block in self.at.get("dialog")]

    @property
    def help_line(self) -> Drawn:
        """The line "Help now" with what opens under it."""
        return next(drawn for drawn in self._html() if "details" in drawn.tags)

    @property
    def words(self) -> str:
        """Everything on the page but the line "Help now"."""
        drawn = [d.text for d in self._html() if "details" not in d.tags]
        at = self.at
        said = [e.value for e in (*at.title, *at.header, *at.caption, *at.text, *at.warning, *at.error, *at.markdown)]
        return "\n".join([*drawn, *said, *self.buttons, *self.links])

    def _html(self) -> Iterator[Drawn]:
        return (Drawn(html.value) for html in self.at.get("html"))


class Panel:
    """The panel that shows a source."""

    def __init__(self, block: object) -> None:
        self.title = shown(block.proto.dialog.title)
        drawn = [Drawn(html.value) for html in block.get("html")]
        self.article = next((one for one in drawn if "article" in one.tags), drawn[-1])
        self.takeaways = [button for one in drawn for button in one.attributes("button") if _is_takeaway(button)]
        self.links = [shown(link.value) for link in block.get("page_link")]
        self.address = parse_qs(block.get("page_link")[0].proto.query_string)
