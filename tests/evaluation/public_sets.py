"""Search quality on text that nobody here wrote: `python -m tests.evaluation.public_sets FOLDER [FOLDER ...]`.

A folder holds a retrieval set in the usual form: corpus.jsonl {"_id", "title", "text"}, queries.jsonl {"_id", "text"}
and qrels.tsv (query, document, score, with a header). Its documents become Markdown files without front matter, and the
ordinary commands do the rest; the sets themselves stay outside of the repository.
"""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

CUT = 10


def main(folders: list[str]) -> int:
    """Print nDCG@10 for each set."""
    for name in folders:
        print(f"{Path(name).name}: nDCG@{CUT} {evaluate(Path(name)):.3f}")
    return 0


def evaluate(folder: Path) -> float:
    """Build an edition of the set's documents, search for every query, and return the mean nDCG."""
    with tempfile.TemporaryDirectory(prefix="attune-set-") as scratch:
        corpus = Path(scratch) / "corpus"
        write_corpus(folder, corpus)
        environment = os.environ | {"ATTUNE_LIBRARY": f"{scratch}/library"}
        build = [sys.executable, "-m", "ingest", "build", str(corpus), "--json"]
        subprocess.run(build, check=True, env=environment, stdout=subprocess.DEVNULL)
        queries = [json.loads(line) for line in (folder / "queries.jsonl").open(encoding="utf-8")]
        asked = "\n".join(json.dumps({"id": query["_id"], "query": query["text"]}) for query in queries)
        search = [sys.executable, "-m", "app", "search", "--jsonl", "--top", str(3 * CUT)]
        found = subprocess.run(search, check=True, env=environment, input=asked, capture_output=True, text=True)
    relevant = read_qrels(folder / "qrels.tsv")
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    # A long document is cut into several sections; the best of them stands for it.
    ranked = [list(dict.fromkeys(hit["document"] for hit in line.get("hits", []))) for line in lines]
    scores = [ndcg(documents, relevant[line["id"]]) for documents, line in zip(ranked, lines, strict=True)]
    return sum(scores) / len(scores)


def write_corpus(folder: Path, corpus: Path) -> None:
    """Write a Markdown file for each document."""
    (corpus / "guide").mkdir(parents=True)
    for line in (folder / "corpus.jsonl").open(encoding="utf-8"):
        document = json.loads(line)
        text = f"# {document['title']}\n\n{document['text']}\n"
        (corpus / "guide" / f"{document['_id']}.md").write_text(text, encoding="utf-8")


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return for each query its relevant documents with their grades."""
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    with path.open(encoding="utf-8") as file:
        for query, document, grade in list(csv.reader(file, delimiter="\t"))[1:]:
            relevant[query][f"{document}.md"] = int(grade)
    return relevant


def ndcg(found: list[str], grades: dict[str, int]) -> float:
    """Return the normalised discounted cumulative gain (Järvelin and Kekäläinen 2002, ACM TOIS 20)."""
    gained = sum(grades.get(document, 0) / math.log2(rank + 2) for rank, document in enumerate(found[:CUT]))
    best = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:CUT]))
    return gained / best if best else 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
