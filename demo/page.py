"""The Streamlit page; `python -m demo` starts it."""

import sys
from pathlib import Path

ROOT = str(Path(__file__).parents[1])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

import streamlit as st  # noqa: E402

from demo.views import about, distance, fakes, judge, runs  # noqa: E402

st.set_page_config(
    page_title="Real or fake speech?", page_icon=str(Path(__file__).parent / "icon.png")
)
st.html("<style>.stMainBlockContainer { max-width: 1080px; padding-top: 4.5rem; }</style>")
pages = [
    st.Page(judge.show, title="Judge a clip", url_path="judge", default=True),
    st.Page(fakes.show, title="Make fakes", url_path="fakes"),
    st.Page(distance.show, title="Distance of two sets", url_path="distance"),
    st.Page(runs.show, title="Finished runs", url_path="runs"),
    st.Page(about.show, title="What to believe", url_path="about"),
]
st.navigation(pages, position="top").run()
