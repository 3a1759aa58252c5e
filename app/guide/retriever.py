"""The guide's search as a LangChain retriever, so that other chains can use it."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from app.guide import care
from app.guide.ask import Guide
from app.guide.nouns import Citation, Hit


class GuideRetriever(BaseRetriever):
    """Finds passages of the guide; each document's metadata is its citation.

    A query that signals danger finds only the sections that may be quoted then. `safety` holds the sentence that has to
    go with whatever is quoted from a section that asks for openness.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    guide: Guide
    top: int = 4

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        verdict = care.screen(query)
        hits = self.guide.search(query, self.top, lambda slug: verdict is None or care.is_allowed(verdict, slug))
        edition = self.guide.edition().id
        return [_document(n, hit, edition) for n, hit in enumerate(hits, 1)]


def _document(n: int, hit: Hit, edition: str) -> Document:
    section = hit.section
    citation = Citation(n, section.slug, section.title, hit.quote, hit.start, hit.end, edition)
    safety = section.safety_sentence
    return Document(
        page_content=hit.quote,
        metadata={
            "slug": citation.slug,
            "title": citation.title,
            "start": citation.start,
            "end": citation.end,
            "edition": citation.edition,
            "url": citation.url,
            "score": hit.score,
            "safety": section.text[safety.start : safety.end] if safety else "",
        },
    )
