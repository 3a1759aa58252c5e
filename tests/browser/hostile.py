"""A section that tries to be more than text; it stands at the end of the guide that the browser tests read."""

from __future__ import annotations

DOCUMENT = "hostile/zebra.md"
SLUG = "hostile/zebra"
TITLE = "Zebras at $5 and $6, **here** :smile: <b>now</b>"
ASKED_AS = "is a zebra $5 or $6 **here** or :smile: <b>there</b>"
SOURCE = "A **source** with <b>marks</b> and $5 or $6 (2001) :smile:"
SENTENCE = (
    "A zebra <script>document.title='taken'</script> costs $5 and not $6 :smile: "
    "<img src=http://elsewhere.invalid/a.png onerror=document.title='taken'> today."
)
MARKDOWN = f"""---
title: "{TITLE}"
slug: {SLUG}
asked_as:
  - "{ASKED_AS}"
  - what does a zebra cost
related:
  - {SLUG}
references:
  - "{SOURCE}"
---

## Short answer

{SENTENCE}

## Why

![a picture](http://elsewhere.invalid/b.png) <iframe src="http://elsewhere.invalid/c"></iframe>
<style>@import url(http://elsewhere.invalid/d.css);</style> <a href="http://elsewhere.invalid/e">out</a>
"""
