"""Looking at what would change, publishing it, and what came of both."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.ui import resources
from app.ui.components.editor.html import (
    Result,
    asides_html,
    changes_in_words,
    duration,
    fields_html,
    findings_html,
    gate_html,
    questions_html,
    words_html,
)
from app.ui.components.pages import as_written
from app.ui.process import Run

DOING = {
    "diff": "Comparing with the live edition",
    "check": "Checking the text",
    "build": "Publishing",
    "rollback": "Going back",
}


def draw_running(*tasks: str) -> None:
    """Draw what runs, if it is one of these, above the button that started it: elsewhere it may be out of sight."""
    run = resources.press().running
    if run and run.task in tasks:
        _draw_progress()


@st.fragment(run_every=1.0)
def _draw_progress() -> None:
    """Draw how far it is, and the button that stops it; the page is drawn anew when it has ended."""
    press = resources.press()
    run = press.running
    if run is None:
        st.rerun()
    step = run.step
    if step.total:
        left = "" if run.remaining is None else f", {duration(run.remaining)} left in this step"
        st.progress(step.share, f"{DOING[run.task]}: {step.name}, {step.done:,} of {step.total:,}{left}")
    else:
        st.progress(0, f"{DOING[run.task]}: {step.name}")
    if st.button("Cancel", key="editor-cancel"):
        press.stop()
        st.rerun()


def draw_look(corpus: Path | None, *, published: bool) -> None:
    """Draw what shows the changes and checks the text, with the last results."""
    press = resources.press()
    st.header("2. What would change", anchor=False)
    draw_running("diff", "check")
    with st.container(horizontal=True, gap="small"):
        _start("See what changes", "diff", ["diff", f"--corpus={corpus}"], disabled=corpus is None or not published)
        _start("Check the text", "check", ["check", str(corpus)], disabled=corpus is None)
    if (run := press.last("diff")) and not draw_problem(run):
        _draw_difference(run.result)
    if (run := press.last("check")) and not draw_problem(run):
        _draw_findings(run, str(corpus))


def draw_publish(corpus: Path | None) -> None:
    """Draw the button that publishes, what came of it, and the way past the gate."""
    st.header("3. Publish", anchor=False)
    st.caption("A new edition is built beside the live one and judged first. Until it is live, people get the old one.")
    draw_running("build")
    skip = st.checkbox("Go on without files that cannot be used, and list them", key="editor-skip")
    arguments = ["build", str(corpus), *(["--allow-skips"] if skip else [])]
    _start("Publish", "build", arguments, disabled=corpus is None, primary=True)
    run = resources.press().last("build")
    if run is None or draw_problem(run):
        return
    report = run.result
    if report.get("refused"):
        _draw_refusal(run)
    elif report.get("gate", True) is None:
        st.info("Nothing has changed: this text is live already.")
    else:
        st.success(f"Published in {duration(report['seconds'])}. {changes_in_words(report)}.")
        if gate := report.get("gate"):
            st.html(gate_html(gate))
    _draw_not_in_it(report)


def _draw_not_in_it(report: Result) -> None:
    """Draw which files were skipped and why, and what of the others is no part of the guide's text."""
    skipped, left_out = report.get("skipped"), report.get("left_out")
    if skipped:
        st.warning(as_written("\n\n".join(str(one) for one in skipped)))
    if left_out:
        with st.expander(f"Not taken as text of the guide: {len(left_out)} things", key="editor-left-out"):
            st.html(asides_html(left_out))


def _draw_refusal(run: Run) -> None:
    st.warning("The gate refused this text, since it answers worse than the live edition. That one stays live.")
    st.html(gate_html(run.result["gate"]))
    # A form: outside of one, the press that leaves the field would only enable the button.
    with st.form("editor-refused", enter_to_submit=False):
        said = st.text_input("To publish it all the same, say why. The reason is kept with the edition.")
        if not st.form_submit_button("Publish anyway", disabled=resources.press().running is not None):
            return
    reason = " ".join(said.split())
    if not reason:
        st.error("Say why first.")
        return
    _begin("build", [*run.arguments, f"--publish-anyway={reason}"])
    st.rerun()


def _draw_difference(found: Result) -> None:
    st.markdown(as_written(f"{changes_in_words(found)}."))
    for section in found.get("changed", ()):
        with st.expander(
            as_written(f"Changed: {section['title'] or section['slug']}"), key=f"changed-{section['slug']}"
        ):
            if section["fields"]:
                st.html(fields_html(section["fields"]))
            if section["words"]:
                st.html(words_html(section["words"]))
    questions = found.get("questions")
    if questions:
        with st.expander(
            f"{len(questions)} of {found['asked']} golden questions get another answer", key="editor-asked"
        ):
            st.html(questions_html(questions))
    elif questions is not None and found.get("asked"):
        st.caption(f"All {found['asked']} golden questions get the same answer.")


def _draw_findings(run: Run, corpus: str) -> None:
    findings = [one for one in run.results if "what" in one]
    if findings:
        with st.expander(f"{len(findings)} things worth mending", key="editor-findings"):
            st.html(findings_html(findings, corpus))
    else:
        st.success("There is nothing to mend.")
    for judged in (one["gate"] for one in run.results if "gate" in one):
        st.html(gate_html(judged))


def draw_problem(run: Run) -> bool:
    """Draw what went wrong with a run, and return whether anything did."""
    if run.problem:
        st.error(as_written(run.problem))
    return bool(run.problem)


def _start(label: str, task: str, arguments: list[str], *, disabled: bool, primary: bool = False) -> None:
    st.button(
        label,
        key=f"editor-{task}",
        type="primary" if primary else "secondary",
        disabled=disabled or resources.press().running is not None,
        on_click=_begin,
        args=(task, [*arguments, "--json"]),
    )


def _begin(task: str, arguments: list[str]) -> None:
    press = resources.press()
    if task in ("build", "rollback"):
        press.forget("diff", "check", "build", "rollback")
    press.start(task, *arguments)


def go_back(edition: str) -> None:
    """Start making an earlier edition live."""
    _begin("rollback", ["rollback", edition, "--json"])
