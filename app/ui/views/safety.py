"""The page that says plainly what is kept, what leaves, and how to use Attune discreetly."""

from __future__ import annotations

import streamlit as st

from app.guide.gaps import KEPT_DAYS
from app.guide.providers import model_in_use
from app.guide.settings import read_settings
from app.ui.components.model import what_leaves

GAPS = read_settings().gaps
KEPT = (
    "Nothing that you write, but for a question that you choose to leave for the editor"
    if GAPS
    else "Nothing that you write"
)
LEFT = f"""
Where the guide does not answer a question, you can tell its editor. You see the words first and can change them, and only
your tap keeps them: the words and the day, for {KEPT_DAYS} days, on the machine that runs Attune. It is never offered in a
conversation in which danger was noticed.
"""

st.title("Safety and privacy", anchor=False)
st.markdown(
    f"""
### What Attune is

A written guide for adults that can be asked. It is not a person, not therapy and not an emergency service, and it cannot
see whether you are safe. "Help now" at the top of every page opens without a network.

### What is kept

{KEPT}. A conversation lives in this page's session, on the machine that runs Attune. It is gone when you
clear it, leave the page or close it, within seconds. No history, no account, no log of messages.

A thumb up or down under an answer adds one to a count for that section of the guide, and keeps nothing else. No thumb is
asked for where safety is spoken of. "Copy with sources" and "Download conversation" are made in your browser: what you copy
or save stays on the device that you use, where others may find it.
{LEFT if GAPS else ""}
### What leaves this machine

{what_leaves(model_in_use(read_settings()))}

The button "Leave this page" opens a public web page, and that page's owner sees a visit like any other.

### How the check for danger works

Every message is read by rules and a small model on this machine before anything is searched. If it sounds like danger to you or somebody else, help comes
first and advice about closeness is held back. The check misses things and is wrong at times; "I was misunderstood" closes a
card at once. No clinician and no domestic-abuse advocate has reviewed the cards yet. Telephone numbers can change; the day
on which they were checked stands beside them.

### If somebody may be looking over your shoulder

- The safest device is one that the other person has never had in hand: a friend's, a library's, one at work.
- A private window keeps addresses out of the history of the browser.
- Do not suddenly wipe everything or change your habits on a device that may be watched; that can raise suspicion.
  Remove single entries instead.
- A call may show on the telephone bill. A code word with a friend can say what you cannot.

### What "Leave this page" does, and what it does not

The button, or pressing Shift three times, blanks the page at once, opens a neutral page in its place and lets the
conversation go. It does not erase the history of your browser, and no button can see whether somebody has put a program
on this device that watches it.

### If you are under 18

This guide is written for adults, and there are people whose job it is to listen to you. "Help now" has children's lines for
many countries. A teacher, a nurse or another grown-up whom you trust is a good start.
"""
)
