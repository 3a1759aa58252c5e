"""The HTTP routes: what they answer, what they refuse, and that they keep and tell nothing."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.api import MOST_CHARACTERS, MOST_TURNS, api
from app.door import door, own_hosts
from app.guide import care
from app.guide.ask import Guide
from app.guide.care.verdict import Category, Strength, Verdict
from app.guide.errors import EncoderError, LibraryError, UnusableInput
from app.guide.library import Library
from app.guide.messages import LONGEST
from app.guide.nouns import Answer, Kind, Part, Speaker, Turn
from app.guide.wire import answer_as_dict, section_as_dict
from tests.conftest import Publish
from tests.fakes import CountingEncoder, write_section

QUIET = "my partner is so quiet"
DANGER = "my husband hits me"
DESPAIR = "I want to kill myself tonight"
SECRET = "Zorblattina"
TRUST = "how do we trust again"


def served(guide: Callable[[], Guide]) -> TestClient:
    """The routes as the server mounts them, with the door before them; what goes wrong inside is raised in the test."""
    app = Starlette(routes=[Mount("/api", api(guide))], middleware=door(lambda: own_hosts("127.0.0.1")))
    return TestClient(app, base_url="http://127.0.0.1:8501")


@pytest.fixture
def client(guide: Guide) -> TestClient:
    return served(lambda: guide)


@pytest.fixture
def description(client: TestClient) -> dict[str, Any]:
    return client.get("/api/openapi.json").json()


def post(client: TestClient, message: str, history: Sequence[object] = ()) -> dict[str, Any]:
    """The answer to a message."""
    answer = client.post("/api/ask", json={"message": message, "history": list(history)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def said(role: str, text: str, **more: object) -> dict[str, object]:
    return {"role": role, "text": text, **more}


def lasting(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what differs from one asking to the next."""
    return {name: value for name, value in answer.items() if name not in ("id", "milliseconds")}


def assert_refused(answer: Response, status: int, *facts: str) -> None:
    """Assert that an answer is one sentence that holds these facts."""
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]
    sentence = answer.json()["error"]
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    assert [fact for fact in facts if fact not in sentence] == []


# Asking


def test_an_answer_is_what_the_command_line_prints(client: TestClient, guide: Guide) -> None:
    answer = post(client, QUIET)

    assert list(answer) == list(answer_as_dict(guide.ask(QUIET), ""))
    assert lasting(answer) == lasting(answer_as_dict(guide.ask(QUIET), ""))
    assert answer["kind"] == "answer"
    assert len(answer["id"]) == 32


def test_every_citation_stands_in_the_section_that_is_served(client: TestClient) -> None:
    answer = post(client, QUIET)

    assert answer["citations"]
    for cited in answer["citations"]:
        section = client.get(f"/api/sections/{cited['slug']}", params={"edition": cited["edition"]}).json()
        assert section["text"][cited["start"] : cited["end"]] == cited["quote"]


def test_the_history_may_be_left_out_or_empty(client: TestClient) -> None:
    assert lasting(client.post("/api/ask", json={"message": QUIET}).json()) == lasting(post(client, QUIET))


@pytest.mark.parametrize(("person", "guide_role"), [("user", "assistant"), ("person", "guide")])
def test_a_follow_up_stays_in_the_section_that_was_cited(client: TestClient, person: str, guide_role: str) -> None:
    first = post(client, TRUST)
    cited = [citation["slug"] for citation in first["citations"]]
    history = [said(person, TRUST), said(guide_role, first["text"], sections=cited, care=None)]

    assert post(client, "tell me more", history)["citations"][0]["slug"] == "trust/bids"


def test_who_meant_another_section_is_answered_from_that_one(client: TestClient) -> None:
    first = post(client, QUIET)
    meant = first["otherwise"][0]["slug"]

    again = client.post("/api/ask", json={"message": QUIET, "section": meant}).json()

    assert (first["understood"]["slug"], again["understood"]["slug"]) == ("barriers/quiet", meant)
    assert again["citations"][0]["slug"] == meant


def test_a_history_is_handed_on_as_the_turns_of_a_talk() -> None:
    asked: list[tuple[str, list[Turn]]] = []

    class Listening:
        def ask(self, message: str, history: Sequence[Turn], about: str = "") -> Answer:
            asked.append((message, list(history)))
            return Answer(Kind.ANSWER, (Part(("Well.",)),), "an edition")

    history = [
        said("user", " Are\u200b we \ud83d well "),
        said("assistant", "Maybe.", sections=["trust/bids"], care={"category": "medical", "strength": "MAYBE"}),
        said("guide", "On.", went_on=True, model_again=False),
        said("guide", "Again.", went_on=False, model_again=True),
        said("person", "Thanks", care={"category": "self_harm", "strength": "CARE"}, unknown=1),
    ]
    body = json.dumps({"message": "And you?", "history": history, "more": 1})
    answer = served(lambda: Listening()).post("/api/ask", content=body)  # type: ignore[arg-type, return-value]

    assert answer.json()["text"] == "Well."
    assert asked == [
        (
            "And you?",
            [
                Turn(Speaker.PERSON, "Are we well"),
                Turn(Speaker.GUIDE, "Maybe.", ("trust/bids",), Verdict(Category.MEDICAL, Strength.MAYBE)),
                Turn(Speaker.GUIDE, "On.", went_on=True),
                Turn(Speaker.GUIDE, "Again.", model_again=True),
                Turn(Speaker.PERSON, "Thanks"),
                Turn(Speaker.GUIDE, "", (), Verdict(Category.SELF_HARM, Strength.CARE)),
            ],
        )
    ]


def test_nothing_is_kept_between_requests(client: TestClient) -> None:
    before = post(client, "tell me more")
    post(client, DANGER)
    post(client, TRUST)

    assert lasting(post(client, "tell me more")) == lasting(before)


def test_questions_asked_at_once_are_all_answered(client: TestClient) -> None:
    found: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda: found.append(lasting(post(client, QUIET)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [lasting(post(client, QUIET))] * 8


# Care


def test_danger_is_answered_with_care(client: TestClient) -> None:
    answer = post(client, DANGER)

    assert (answer["kind"], answer["care"]["category"], answer["citations"]) == ("care", "partner_violence", [])


@pytest.mark.parametrize("role", ["user", "assistant"])
def test_care_in_the_history_still_holds(client: TestClient, role: str) -> None:
    history = [said(role, "Well.", care={"category": "partner_violence", "strength": "NOW"})]

    answer = post(client, QUIET, history)

    assert answer["care"] == {"category": "partner_violence", "strength": "CARE"}
    assert answer["citations"] == []
    assert post(client, QUIET)["citations"] != []


@pytest.mark.parametrize("told", [{}, {"care": None}], ids=["left out", "null"])
def test_danger_is_noticed_again_where_the_client_does_not_send_it(client: TestClient, told: dict[str, None]) -> None:
    history = [
        said("user", DANGER),
        said("assistant", "A card.", **told),
        said("user", "ok"),
        said("assistant", "Yes."),
    ]

    answer = post(client, QUIET, history)

    assert answer["care"] == {"category": "partner_violence", "strength": "CARE"}
    assert answer["citations"] == []


def test_what_the_guide_said_signals_nothing(client: TestClient) -> None:
    assert post(client, QUIET, [said("assistant", DANGER)])["care"] is None


def test_a_milder_word_in_the_history_does_not_undo_what_was_written(client: TestClient) -> None:
    history = [said("user", DANGER, care={"category": "medical", "strength": "MAYBE"})]

    assert post(client, QUIET, history)["citations"] == []


def after(message: str, **chosen: bool) -> list[dict[str, object]]:
    """The talk after a message that got a card, with what the person chose below that."""
    return [said("user", message), said("assistant", "A card.", **chosen)]


def test_after_despair_nothing_is_answered_until_the_person_chose_to_go_on(client: TestClient) -> None:
    before, later = post(client, QUIET, after(DESPAIR)), post(client, QUIET, after(DESPAIR, went_on=True))

    despair = {"category": "self_harm", "strength": "CARE"}
    assert (before["kind"], before["care"], before["citations"]) == ("care", despair, [])
    assert (later["kind"], later["care"]) == ("answer", despair)
    assert later["text"].startswith(before["text"])
    assert later["citations"] != []


def test_going_on_can_still_be_chosen_below_a_later_answer(client: TestClient) -> None:
    assert post(client, QUIET, [*after(DESPAIR), *after("ok", went_on=True)])["kind"] == "answer"


@pytest.mark.parametrize(
    "history",
    [
        after(DANGER, went_on=True),
        after(f"{DESPAIR}, {DANGER}", went_on=True),
        after(f"I am 15. {DESPAIR}", went_on=True),
        [*after(DESPAIR, went_on=True), *after("I am going to kill myself")],
        [said("assistant", "Well.", went_on=True), *after(DESPAIR)],
        after(DESPAIR, went_on=False, model_again=True),
        [said("user", DESPAIR), said("assistant", "A card.", care={"category": "self_harm", "strength": "CARE"})],
    ],
    ids=["violence", "violence too", "under 18", "despair again", "despair later", "the model only", "milder"],
)
def test_nothing_else_lets_the_guide_answer(client: TestClient, history: list[dict[str, object]]) -> None:
    """Going on is what the page offers too: after despair that was noticed before, and after nothing else."""
    answer = post(client, QUIET, history)

    assert (answer["kind"], answer["citations"]) == ("care", [])


def test_each_earlier_text_is_looked_at_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[tuple[str, list[str]]] = []

    def screen(message: str, earlier: Sequence[str] = ()) -> None:
        looked.append((message, list(earlier)))

    monkeypatch.setattr(care, "screen", screen)
    post(client, QUIET, [said("user", "One."), said("assistant", "Two."), said("user", "Three.")])

    assert looked == [("One.", []), ("Three.", ["One."]), (QUIET, ["One.", "Three."])]


def test_danger_in_a_message_that_is_too_long_is_answered(client: TestClient) -> None:
    assert post(client, f"{DANGER}. " + "We talk about money. " * 500)["kind"] == "care"


# What cannot be used


@pytest.mark.parametrize(
    "body",
    [b"", b"no", b"{", b'{"message": "a"', b"\xff\xfe", b'"\\ud83d', b"[" * 100_000, b'{"message":' + b"9" * 5000],
    ids=["empty", "word", "open", "cut", "bytes", "half", "deep", "digits"],
)
def test_what_is_no_json_is_refused(client: TestClient, body: bytes) -> None:
    assert_refused(client.post("/api/ask", content=body), 400, "no JSON")


@pytest.mark.parametrize("body", ["[]", '"a"', "1", "null", "true", "NaN"])
def test_what_is_no_object_is_refused(client: TestClient, body: str) -> None:
    assert_refused(client.post("/api/ask", content=body), 400, "The request is no JSON object")


@pytest.mark.parametrize("body", [{}, {"message": None}, {"message": 1}, {"message": [QUIET]}, {"Message": QUIET}])
def test_a_request_without_a_message_is_refused(client: TestClient, body: object) -> None:
    assert_refused(client.post("/api/ask", json=body), 400, 'no text under "message"')


@pytest.mark.parametrize("message", ["", " \n", "\u200b", "?!", "\ud83d", "a" * (LONGEST + 1)])
def test_a_message_that_cannot_be_read_is_refused(client: TestClient, message: str) -> None:
    assert_refused(client.post("/api/ask", content=json.dumps({"message": message})), 400)


CARE = {"category": "medical", "strength": "NOW"}


@pytest.mark.parametrize(
    ("history", "fact"),
    [
        (None, '"history" is no list'),
        ({}, '"history" is no list'),
        ("a", '"history" is no list'),
        (["a"], "Turn 1 of the history is no JSON object"),
        ([said("user", "a"), {"text": "a"}], 'Turn 2 of the history has no text under "role"'),
        ([{"role": 1, "text": "a"}], 'no text under "role"'),
        ([{"role": "user"}], 'no text under "text"'),
        ([{"role": "user", "text": ["a"]}], 'no text under "text"'),
        ([said("system", "a")], "Use one of user, person, assistant, guide."),
        ([said("User", "a")], 'unknown "role"'),
        ([said("user", "a", sections="trust/bids")], '"sections"'),
        ([said("user", "a", sections=[1])], '"sections"'),
        ([said("guide", "a", went_on="true")], 'Turn 1 of the history has a "went_on" or "model_again"'),
        ([said("guide", "a", model_again=None)], "neither true nor false"),
        ([said("user", "a", went_on=True)], "Turn 1 of the history has a choice that is made below an answer"),
        ([said("person", "a", model_again=True)], "Send it with the answer's turn."),
        ([said("user", "a", care="NOW")], 'The "care" of turn 1 of the history is no JSON object'),
        ([said("user", "a", care={})], '"care"'),
        ([said("user", "a", care={"category": "medical"})], '"care"'),
        ([said("user", "a", care=CARE | {"category": "none"})], '"care"'),
        ([said("user", "a", care=CARE | {"strength": "now"})], '"care"'),
        ([said("user", "a", care=CARE | {"strength": ["NOW"]})], '"care"'),
        ([said("user", "a")] * (MOST_TURNS + 1), f"has {MOST_TURNS + 1} turns, and at most {MOST_TURNS}"),
        ([said("user", "a" * 20_001)] * 3, f"60,003 characters, and at most {MOST_CHARACTERS:,}"),
    ],
)
def test_a_history_that_cannot_be_used_is_refused(client: TestClient, history: object, fact: str) -> None:
    assert_refused(client.post("/api/ask", json={"message": QUIET, "history": history}), 400, fact)


def test_a_history_as_long_as_allowed_is_read(client: TestClient) -> None:
    half = MOST_CHARACTERS // (MOST_TURNS // 2)
    history = [said("user", "a" * half), said("assistant", "b" * half)] * (MOST_TURNS // 2)

    assert post(client, QUIET, history)["kind"] == "answer"


@pytest.mark.parametrize(
    "body",
    [
        {"message": f"{SECRET} " * 1000},
        {"message": [SECRET]},
        {"message": "a", "history": SECRET},
        {"message": "a", "history": [SECRET]},
        {"message": "a", "history": [said(SECRET, SECRET)]},
        {"message": "a", "history": [said("user", SECRET, sections=SECRET)]},
        {"message": "a", "history": [said("user", SECRET, care={"category": SECRET, "strength": SECRET})]},
        {SECRET: SECRET},
    ],
)
def test_no_refusal_repeats_what_was_written(
    client: TestClient, caplog: pytest.LogCaptureFixture, body: dict[str, object]
) -> None:
    answer = client.post("/api/ask", json=body)

    assert_refused(answer, 400)
    assert SECRET not in answer.text + str(answer.headers) + caplog.text


class Breaking:
    """A guide whose every answer breaks, in the person's words."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def ask(self, message: str, history: Sequence[Turn], about: str = "") -> Answer:
        raise self._error

    def section(self, slug: str, edition: str) -> None:
        raise self._error

    def edition(self) -> None:
        raise self._error


def broken(error: Exception) -> TestClient:
    return served(lambda: Breaking(error))  # type: ignore[arg-type, return-value]


def test_an_error_that_nobody_foresaw_is_one_sentence_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    client = broken(KeyError(SECRET))

    with caplog.at_level(logging.DEBUG):
        answers = [client.post("/api/ask", json={"message": SECRET}), client.get(f"/api/sections/{SECRET}")]

    for answer in answers:
        assert_refused(answer, 500, "Something went wrong")
    # The test's own client logs the addresses that it asks for.
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert "A request failed with KeyError." in logged
    assert not any(SECRET in line for line in logged)
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("error", [LibraryError("The library is gone. Build it."), EncoderError("No model. Get it.")])
def test_a_library_that_cannot_be_used_is_said(error: Exception) -> None:
    assert_refused(broken(error).post("/api/ask", json={"message": QUIET}), 503, str(error))


# Sections


def test_a_section_is_what_the_command_line_prints(client: TestClient, guide: Guide, published: str) -> None:
    answer = client.get("/api/sections/trust/bids")

    assert answer.status_code == 200
    assert answer.json() == section_as_dict(*guide.section("trust/bids"))
    assert client.get("/api/sections/trust/bids", params={"edition": published}).json() == answer.json()
    assert client.get("/api/sections/trust%2Fbids").json() == answer.json()


def test_a_section_of_an_earlier_edition_is_served(
    three: list[str], library: Library, encoder: CountingEncoder
) -> None:
    guide = Guide(library, encoder)
    client = served(lambda: guide)

    texts = [client.get("/api/sections/new", params={"edition": edition}) for edition in three]

    assert [answer.status_code for answer in texts] == [404, 200, 200]
    assert [answer.json()["edition"] for answer in texts[1:]] == three[1:]
    assert texts[1].json()["text"] != texts[2].json()["text"]


@pytest.mark.parametrize("slug", ["no/such", "trust", "trust/bids/", "", "trust/bids?edition=none", "..%2f..%2fLIVE"])
def test_a_section_that_is_not_there_is_said(client: TestClient, slug: str) -> None:
    assert_refused(client.get(f"/api/sections/{slug}"), 404)


# Health


def test_health_says_which_edition_is_open(client: TestClient, published: str) -> None:
    answer = client.get("/api/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "edition": published, "sections": 3})


def test_health_follows_a_new_edition(client: TestClient, published: str, publish: Publish, corpus: Path) -> None:
    before = client.get("/api/health").json()
    write_section(corpus, "new", "Thank you once.", title="Thanks")
    edition = publish().edition

    assert before["edition"] == published != edition
    assert client.get("/api/health").json() == {"status": "ok", "edition": edition, "sections": 4}


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_health_does_not_wait_for_a_guide_that_is_being_opened(guide: Guide, gate: threading.Event) -> None:
    opened: list[int] = []

    def open_slowly() -> Guide:
        opened.append(1)
        gate.wait(60)
        return guide

    client = served(open_slowly)
    for _ in range(3):
        answer = client.get("/api/health")
        assert (answer.status_code, answer.json()) == (503, {"status": "starting"})
    assert len(opened) == 1, "each look would take a thread of its own"

    gate.set()
    assert post(client, QUIET)["kind"] == "answer"
    assert client.get("/api/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    "error", [LibraryError("The library is empty. Build it."), UnusableInput("A setting is wrong.")]
)
def test_a_guide_that_cannot_be_opened_is_said(error: Exception) -> None:
    """Also where a setting is at fault, which is not the fault of who asks."""

    def fail() -> Guide:
        raise error

    client = served(fail)
    answer = client.get("/api/health")

    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "error": str(error)})
    assert_refused(client.post("/api/ask", json={"message": QUIET}), 503, str(error))
    assert_refused(client.get("/api/sections/trust/bids"), 503, str(error))


def test_a_guide_that_breaks_while_it_is_opened_is_said_without_the_errors_words() -> None:
    def fail() -> Guide:
        raise RuntimeError(SECRET)

    client = served(fail)

    assert client.get("/api/health").json()["status"] == "unavailable"
    assert client.post("/api/ask", json={"message": QUIET}).status_code == 503
    assert SECRET not in client.get("/api/health").text + client.post("/api/ask", json={"message": QUIET}).text


def test_a_guide_that_could_not_be_opened_is_tried_again(guide: Guide) -> None:
    outcomes: list[Exception | Guide] = [LibraryError("The library is empty. Build it."), guide]

    def open_later() -> Guide:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    client = served(open_later)

    assert [client.get("/api/health").status_code for _ in range(2)] == [503, 200]


# Other addresses and methods


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/ask", "POST"),
        ("PUT", "/api/ask", "POST"),
        ("DELETE", "/api/ask", "POST"),
        ("OPTIONS", "/api/ask", "POST"),
        ("POST", "/api/health", "GET, HEAD"),
        ("POST", "/api/sections/trust/bids", "GET, HEAD"),
        ("PATCH", "/api/openapi.json", "GET, HEAD"),
    ],
)
def test_another_method_is_refused(client: TestClient, method: str, path: str, allowed: str) -> None:
    answer = client.request(method, path)

    assert_refused(answer, 405, method)
    assert sorted(answer.headers["allow"].split(", ")) == sorted(allowed.split(", "))


@pytest.mark.parametrize("path", ["/api/", "/api/none", "/api/ask/none", "/api/health.json"])
def test_another_address_is_refused(client: TestClient, path: str) -> None:
    assert_refused(client.get(path), 404)


def test_no_answer_is_to_be_stored_by_a_browser(client: TestClient) -> None:
    answers = [client.post("/api/ask", json={"message": QUIET}), client.post("/api/ask"), client.get("/api/health")]

    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


# The description


def schema_of(description: dict[str, Any], path: str, method: str, status: int) -> Draft202012Validator:
    answer = description["paths"][path][method]["responses"][str(status)]
    return valid_against(description, answer["content"]["application/json"]["schema"])


def valid_against(description: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    """Let the references find their schemas, and let nothing be there that is not described."""
    whole = json.loads(json.dumps({**schema, "components": description["components"]}))
    for named in whole["components"]["schemas"].values():
        named["additionalProperties"] = False
    Draft202012Validator.check_schema(whole)
    return Draft202012Validator(whole)


@pytest.mark.parametrize("message", [QUIET, DANGER, "hello", "how to change a tyre", "what does grief do to money"])
def test_answers_are_as_described(client: TestClient, description: dict[str, Any], message: str) -> None:
    schema = schema_of(description, "/api/ask", "post", 200)

    assert [error.message for error in schema.iter_errors(post(client, message))] == []


def test_other_responses_are_as_described(client: TestClient, description: dict[str, Any]) -> None:
    def errors(answer: Response, status: int, path: str, method: str = "get") -> list[str]:
        assert answer.status_code == status, answer.text
        return [error.message for error in schema_of(description, path, method, status).iter_errors(answer.json())]

    ask, health, section = "/api/ask", "/api/health", "/api/sections/{slug}"
    assert errors(client.get("/api/health"), 200, health) == []
    assert errors(client.get("/api/openapi.json"), 200, "/api/openapi.json") == []
    assert errors(client.get("/api/sections/trust/bids"), 200, section) == []
    assert errors(client.get("/api/sections/none"), 404, section) == []
    assert errors(client.post("/api/ask"), 400, ask, "post") == []
    assert errors(client.post("/api/ask", headers={"Origin": "null"}), 403, ask, "post") == []
    assert errors(client.post("/api/ask", content=b"a" * 300_000), 413, ask, "post") == []
    assert errors(broken(KeyError()).post("/api/ask", json={"message": "a"}), 500, ask, "post") == []
    assert errors(broken(LibraryError("Gone.")).get("/api/health"), 503, health) == []


def test_the_example_can_be_asked(client: TestClient, description: dict[str, Any]) -> None:
    content = description["paths"]["/api/ask"]["post"]["requestBody"]["content"]["application/json"]

    valid_against(description, content["schema"]).validate(content["example"])
    assert client.post("/api/ask", json=content["example"]).status_code == 200


def test_a_turn_with_all_that_it_can_have_is_as_described(client: TestClient, description: dict[str, Any]) -> None:
    turn = said("guide", "A.", care=CARE, sections=["trust/bids"], went_on=True, model_again=True)

    valid_against(description, description["components"]["schemas"]["Turn"]).validate(turn)
    assert set(description["components"]["schemas"]["Turn"]["properties"]) == set(turn)
    post(client, QUIET, [turn])


def test_every_value_that_care_can_take_is_described(description: dict[str, Any]) -> None:
    properties = description["components"]["schemas"]["Care"]["properties"]

    assert set(properties["category"]["enum"]) == set(Category)
    assert set(properties["strength"]["enum"]) == set(Strength)
    assert set(description["components"]["schemas"]["Answer"]["properties"]["kind"]["enum"]) == set(Kind)


def test_every_described_route_is_there(client: TestClient, description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    found = {
        (path, method): client.request(method, path.replace("{slug}", "trust/bids")).status_code
        for path, methods in description["paths"].items()
        for method in methods
    }

    assert found == {
        ("/api/health", "get"): 200,
        ("/api/ask", "post"): 400,
        ("/api/sections/{slug}", "get"): 200,
        ("/api/openapi.json", "get"): 200,
    }


def test_the_guide_is_asked_for_no_encoding_beyond_the_question(guide: Guide, encoder: CountingEncoder) -> None:
    """A history costs no more than reading it."""
    client = served(lambda: guide)
    before = len(encoder.encoded)

    post(client, QUIET, [said("user", TRUST), said("assistant", "Yes.")] * 20)

    assert len(encoder.encoded) - before < 20
