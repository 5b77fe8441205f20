"""A tab that opens finished runs of the main job."""

import streamlit as st

from demo import runs
from demo.settings import settings


def show():
    """Draw the tab."""
    st.title("Finished runs")
    known = runs.finished(settings())
    if not known:
        st.info(
            f"There is no finished run in {settings().runs}: fake-audio augment-and-detect makes "
            "one in some ten minutes; --runs FOLDER names another folder."
        )
        return
    folder = known[st.selectbox("Run", list(known))]
    for line in runs.answers(folder):
        st.markdown(f"- {line}")
    report = runs.report(folder)
    st.download_button(
        "Download the report",
        report,
        file_name=f"{folder.name}.html",
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
    )
    st.iframe(report, height=900)
