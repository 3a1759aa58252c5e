"""Two sections that try to be more than text; they stand at the end of the guide that the browser tests read."""

from __future__ import annotations

DOCUMENT = "hostile/zebra.md"
SLUG = "hostile/zebra"
TITLE = "Zebras at $5 and $6, **here** :smile: <b>now</b> <img src=http://elsewhere.invalid/t.png>"
NEXT_DOCUMENT = "hostile/giraffe.md"
NEXT_SLUG = "hostile/giraffe"
PICTURED = "where is a giraffe ![up](http://elsewhere.invalid/f.png) or [there](javascript:document.title='taken')"
SOURCE = "A **source** with <b>marks</b> and $5 or $6 (2001) :smile:"
SCRIPTED = (
    "[A source](javascript:document.title='taken') javascript:document.title='taken' <img src=x onerror=alert(1)>"
)
PRACTICE = "A <b>practice</b> ![for](http://elsewhere.invalid/g.png) :smile: [two](javascript:alert(1))"
INTRO = "Say <script>document.title='taken'</script> it <img src=http://elsewhere.invalid/h.png> slowly."
LINE = "I saw <iframe src=http://elsewhere.invalid/i></iframe> **you**"
SENTENCE = (
    "A zebra <script>document.title='taken'</script> costs $5 and not $6 :smile: "
    "<img src=http://elsewhere.invalid/a.png onerror=document.title='taken'> today."
)
MARKDOWN = f"""---
title: "{TITLE}"
slug: {SLUG}
asked_as:
  - what does a zebra cost
related:
  - {NEXT_SLUG}
references:
  - "{SOURCE}"
  - "{SCRIPTED}"
---

## Short answer

{SENTENCE}

## Why

![a picture](http://elsewhere.invalid/b.png) <iframe src="http://elsewhere.invalid/c"></iframe>
<style>@import url(http://elsewhere.invalid/d.css);</style> <a href="http://elsewhere.invalid/e">out</a>
"""

NEXT_MARKDOWN = f"""---
title: Giraffes
slug: {NEXT_SLUG}
asked_as:
  - "{PICTURED}"
---

## Short answer

A giraffe stands where the leaves are.
"""

PRACTICES = f"""
- slug: zebra
  title: "{PRACTICE}"
  section: {SLUG}
  kind: exercise
  minutes: 10
  intro: "{INTRO}"
  stop: "Stop <style>*{{display:none}}</style> where you are afraid."
  steps:
  - minutes: 10
    title: "A <b>turn</b>"
    say:
    - "{LINE}"
"""
