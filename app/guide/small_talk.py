"""Short, true, fixed answers to what people say to a program rather than ask a guide."""

from __future__ import annotations

import re

_YOU = r"(are|r) (you|u)"
_MINE = (
    r"(what (i|we) (say|write|type|tell you)|my (messages?|questions?|words|data|conversations?|chats?|answers?)|"
    r"(this|it|that|(any|every)thing))"
)
_SOMEBODY = (
    r"(an? |the )?(real |actual |live |human )*(person|people|human|human being|bot|chat ?bot|robot|ai|machine|"
    r"computer|program|someone real|someone|somebody|therapist|counsellor)"
)
_HERE = r"this( (guide|text|thing|site|website|page|app|program|chat|conversation))?"
WITH_MODEL = (
    "A language model is on here: it may be given a question and write the answer, and each of its sentences is "
    "checked against the guide. The page \u201cSafety and privacy\u201d says which model, and where it runs."
)
_ANSWERS = (
    (
        r"(hi+|hello+|helo|hey+|hiya|heya|yo|howdy|good ?(morning|afternoon|evening|day)|hallo|greetings)"
        r"( (there|you|all|attune|again))*( (how (are|r) (you|u)|hows it going|whats up)( today)?)?"
        r"|how (are|r) (you|u)( today)?|sup|whats up",
        "Hello. Write what is on your mind about closeness with someone, and the guide will answer.",
    ),
    (
        r"((ok|okay|great|good|lovely|perfect|all ?right|oh|wow|nice|no|yes|many) )*"
        r"(thanks?|thanx|thankyou|thank (you|u)|thx|tnx|ty|tysm|cheers|ta|much appreciated)"
        r"( (so|very) much| a (lot|million|bunch)| loads| again| you| attune)*"
        r"( (this|that|it) ((was|is) )?(very |really |so )?(helpful|useful|great|good|helps?|helped)( a lot)?)?"
        r"|(that|this|it) ((was|is|really) )?(very |really |so )?(helpful|useful|helps|helped)( a lot)?( thanks?)?",
        "You are welcome. Ask again whenever you like.",
    ),
    (
        r"((ok|okay|thanks?|alright) )?(bye+|bye bye|goodbye|good ?night|see (you|ya|u)|cya|take care|farewell)"
        r"( (then|now|later|for now|soon|tomorrow))*",
        "Goodbye. \u201cClear conversation\u201d removes what was said here.",
    ),
)
_OF_ITSELF = (
    (
        rf"(so )?({_YOU}|am i (talking|speaking|chatting) (to|with)|is (this|that|it|there)) (just )?{_SOMEBODY}"
        rf"( (here|there|typing|writing))*( or {_SOMEBODY})?|{_YOU} (even )?(real|human|alive)",
        "No person is writing here. This is a program that finds and quotes sentences of a written guide.",
    ),
    (
        rf"(who|what) {_YOU}|whats? (is )?(attune|{_HERE})( for| about)?|who am i (talking|speaking) to"
        r"|what (can|do) (you|u) (do|know)( here| for me)?|what can i (ask|do)( here| you)?"
        rf"|how (do (you|u)|does (it|attune|{_HERE})) work|what can (you|u) help( me)? with",
        "This is Attune, a written guide to emotional intimacy that can be asked. It searches the guide on this "
        "computer and quotes its sentences word for word, with links to where they stand.",
    ),
    (
        rf"who (wrote|made|writes|created|built|is behind|runs|published) ({_HERE}|you|u|the guide|it|attune|all this)"
        r"|where (does|do) (this|it|the (text|guide|answers?|advice)|(these|your) answers) come from"
        r"|who (is|are) the authors?( of this)?|whose (words|advice) (is|are) (this|these)",
        "The guide is an original text that its editors wrote from published research; each section lists its sources.",
    ),
    (
        rf"(do|will|did|are) (you|u) (store|save|keep|record|log|remember|storing|saving|recording|keeping)"
        rf"( all)?( {_MINE})?( (i|we) (say|write|type|tell you))?( (anywhere|somewhere|here|or not))?"
        rf"|(is|are) ({_HERE}|{_MINE}) (all )?"
        r"(private|stored|saved|kept|recorded|logged|confidential|anonymous)( (here|or not|anywhere))?"
        rf"|(who|can (anyone|anybody|somebody|someone( else)?|(other )?people)) (can )?(see|sees|reads?) {_MINE}"
        rf"|what (happens to|do you do with) {_MINE}|where (do|does|are|is) {_MINE} (go|stored|saved)",
        "Nothing that you write is stored. The conversation stays in this page\u2019s session and is gone when you "
        "clear it or close the page.",
    ),
)


def small_talk(message: str, *, model: bool = False) -> str:
    """Return the fixed answer to a message that is small talk, or an empty string.

    What the program says of itself names the language model too, where one is on.
    """
    asked = " ".join(re.sub(r"[^\w\s]", "", message.lower().replace("\u2019", "").replace("'", "")).split())
    of_itself = _answer(asked, _OF_ITSELF)
    return f"{of_itself} {WITH_MODEL}" if of_itself and model else of_itself or _answer(asked, _ANSWERS)


def _answer(asked: str, answers: tuple[tuple[str, str], ...]) -> str:
    return next((answer for pattern, answer in answers if re.fullmatch(pattern, asked)), "")
