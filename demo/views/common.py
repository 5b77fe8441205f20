"""What the tabs share: detectors to choose, one queue for all visitors, and its answers."""

import threading

import streamlit as st

from demo import models
from demo.jobs import Queue
from demo.settings import settings
from experiment.errors import FakeAudioError

POLL = 0.7  # seconds
AT_ONCE = 2  # visitors whose sound is decoded and judged; the others wait


@st.cache_resource
def queue():
    """Return the one queue of this server."""
    return Queue()


@st.cache_resource
def turns():
    """Return the lock of this server that lets `AT_ONCE` visitors compute."""
    return threading.BoundedSemaphore(AT_ONCE)


def choose_detectors(key):
    """Let the visitor choose detectors; return them loaded, dict of name to Detector."""
    known = models.detectors(settings())
    if not known:
        st.error(
            "There is no detector yet: run fake-audio augment-and-detect, or start the page with "
            "--models FOLDER."
        )
        return {}
    names = st.multiselect(
        "Detectors (several stand side by side)", list(known), default=list(known)[:1], key=key
    )
    with st.spinner("Loading (once for all visitors)"):
        return {name: models.detector(known[name]) for name in names}


def attempt(function, *args):
    """Return what a function returns, or None after showing its one-sentence error."""
    try:
        return function(*args)
    except FakeAudioError as error:
        st.error(str(error), icon=":material/error:")
        return None


def waiting(job, title):
    """Show a job that is not done, and look again until it is; return whether it waits."""
    if job.done():
        return False

    @st.fragment(run_every=POLL)
    def look():
        if job.done():
            st.rerun()
        ahead = queue().ahead(job)
        st.info(f"{title} {ahead} before it." if ahead else title, icon=":material/hourglass:")

    look()
    return True


def wav(clip):
    """Return a clip as the bytes of a WAV file, to play or to hand on."""
    import io

    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, clip.samples, clip.rate, format="WAV", subtype="PCM_16")
    return buffer.getvalue()
