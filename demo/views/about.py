"""A tab that says what a verdict is worth, and what each detector is."""

import streamlit as st

from demo import models, texts
from demo.settings import settings


def show():
    """Draw the tab."""
    st.title("What to believe")
    for line in texts.LIMITS:
        st.markdown(f"- {line}")
    st.header("The detectors")
    for name, place in models.detectors(settings()).items():
        with st.expander(name):
            st.write(texts.card(models.detector(place)))
