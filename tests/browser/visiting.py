"""What a person does on a page and sees there, in a real browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, WebSocket, expect

from tests.browser.serving import NeutralPage

WIDE = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
# The pages besides the first one.
PATHS = ("read", "safety", "editor")

STANDS_STILL = """() => new Promise((done) => {
    const main = document.querySelector('[data-testid="stMain"]');
    const before = main?.scrollTop;
    setTimeout(() => done(main?.scrollTop === before), 200);
})"""


class Visit:
    """One tab, which is one session, watched for everything that it asks for and complains of."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = home
        self.asked_for: list[str] = []
        self.left_for = ""
        self.sent = 0
        self.complaints: list[str] = []
        page.on("request", self._on_request)
        page.on("websocket", self._on_socket)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))

    @property
    def strays(self) -> list[str]:
        """What was asked for beyond the page's own origin."""
        own = (f"{self.home}/", f"{self.home.replace('http', 'ws', 1)}/", "data:", f"blob:{self.home}/")
        return [address for address in self.asked_for if address != self.left_for and not address.startswith(own)]

    def open(self, path: str = "/") -> Visit:
        """Go to an address, and wait until the page has been drawn."""
        self.page.goto(self.home + path)
        return self.settle()

    def settle(self) -> Visit:
        """Wait until the page's script has run, and the page scrolls no more: a click could miss what moves."""
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        self.help_line.wait_for()
        self.page.wait_for_function(STANDS_STILL)
        return self

    def ask(self, message: str) -> Visit:
        """Type a message, send it, and wait for the whole of the answer."""
        before = self.replies.count()
        self.input.fill(message)
        self.input.press("Enter")
        expect(self.replies).to_have_count(before + 1)
        expect(self.page.get_by_role("button", name="Clear conversation")).to_be_visible()
        return self.settle()

    @property
    def input(self) -> Locator:
        """Where a message is typed."""
        return self.page.get_by_test_id("stChatInputTextArea")

    @property
    def replies(self) -> Locator:
        """The answers of the talk."""
        return self.page.locator(".attune-answer")

    @property
    def markers(self) -> Locator:
        """The numbered markers in the answers."""
        return self.page.locator(".attune-cite")

    @property
    def panel(self) -> Locator:
        """The panel that shows a source."""
        return self.page.get_by_role("dialog")

    @property
    def quote(self) -> Locator:
        """Where the marked quote begins."""
        return self.page.locator("mark.attune-quote")

    @property
    def help_line(self) -> Locator:
        """The line "Help now"."""
        return self.page.locator(".attune-help > summary").last

    @property
    def help_opened(self) -> Locator:
        """What has opened under it."""
        return self.page.locator(".attune-help[open] > div")

    @property
    def leave(self) -> Locator:
        """The button "Leave this page"."""
        return self.page.get_by_role("button", name="Leave this page")

    def expect_left(self, neutral: NeutralPage) -> None:
        """Wait for the neutral page, and find neither the talk's words nor its place behind it."""
        self.left_for = neutral.address
        self.page.wait_for_url(neutral.address)
        expect(self.page).to_have_title(neutral.TITLE)
        assert [
            entry for entry in self.history if entry not in (("", "about:blank"), (neutral.TITLE, neutral.address))
        ] == []
        assert set(neutral.referrers) == {""}

    def press_shift(self, times: int = 3) -> None:
        """Press and release Shift, some times."""
        for _ in range(times):
            self.page.keyboard.press("Shift")

    @property
    def history(self) -> list[tuple[str, str]]:
        """Title and address of every entry of the tab's history, oldest first."""
        devtools = self.page.context.new_cdp_session(self.page)
        entries = devtools.send("Page.getNavigationHistory")["entries"]
        devtools.detach()
        return [(str(entry["title"]), str(entry["url"])) for entry in entries]

    def expect_quote(self, words: str) -> None:
        """Wait until exactly these words are marked, and the first of them is focused and in view."""
        self.page.wait_for_function(
            """(words) => {
                const blocks = new Map();
                for (const mark of document.querySelectorAll("mark")) {
                    const block = mark.closest("p, li, h2, h3, h4, h5, h6");
                    blocks.set(block, (blocks.get(block) || "") + mark.textContent);
                }
                return [...blocks.values()].join("\\n") === words;
            }""",
            arg=words,
        )
        expect(self.quote).to_be_focused()
        expect(self.quote).to_be_in_viewport()

    def point_at(self, marker: Locator) -> None:
        """Move the pointer onto a marker, again where the page scrolled on below it, as it does after an answer."""
        for _ in range(20):
            marker.hover()
            if marker.evaluate("marker => marker.matches(':hover')"):
                return
            self.page.wait_for_timeout(100)

    def quoted_by(self, marker: Locator) -> str:
        """The paragraph or the list in the answer that a marker ends."""
        return str(
            marker.evaluate(
                """(marker) => {
                    const last = marker.closest("p, ol, ul");
                    const blocks = last.matches("p") ? [last] : [...last.querySelectorAll("li")];
                    const words = (block) => [...block.childNodes].filter((n) => n.nodeName !== "BUTTON")
                        .map((n) => n.textContent).join("").trim();
                    return blocks.map(words).join("\\n");
                }"""
            )
        )

    @property
    def place(self) -> tuple[str, dict[str, str]]:
        """The path of the address, and what it asks for."""
        parts = urlsplit(self.page.url)
        return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}

    @property
    def sideways(self) -> int:
        """By how many pixels the page, or what scrolls in it, is wider than the screen."""
        return int(
            self.page.evaluate(
                """() => {
                    const scrolling = [...document.querySelectorAll('#stMain, [role="dialog"]')];
                    const wider = scrolling.map((element) => element.scrollWidth - element.clientWidth);
                    return Math.max(document.documentElement.scrollWidth - window.innerWidth, ...wider);
                }"""
            )
        )

    def _on_request(self, request: Request) -> None:
        self.asked_for.append(request.url)

    def _on_socket(self, socket: WebSocket) -> None:
        self.asked_for.append(socket.url)
        socket.on("framesent", lambda _: setattr(self, "sent", self.sent + 1))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._is_streamlits_own(message):
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def _is_streamlits_own(self, message: ConsoleMessage) -> bool:
        """Streamlit's page has one inline script, and below a path it looks for its server there first."""
        where = str(message.location["url"])
        inline = message.text.startswith("Executing inline script violates the following Content Security Policy")
        looked = {f"{self.home}/{page}/_stcore/{asked}" for page in PATHS for asked in ("health", "host-config")}
        return (inline and where.startswith(f"{self.home}/")) or (where in looked and "404" in message.text)
