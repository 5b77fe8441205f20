"""The main tab: one clip, its verdicts, and why."""

import streamlit as st

from demo import cards, explanations, pictures, samples, verdicts
from demo.settings import settings
from demo.uploads import read_bytes
from demo.views.common import attempt, choose_detectors, queue, turns, waiting, wav
from experiment.files import digest

SENT = "sent"
CORPUS = "More samples: fetch the starter corpus (some minutes the first time)"


def show():
    """Draw the tab."""
    st.title("Real or fake speech?")
    st.write(
        "Choose a clip, read what the detectors say of it, and see how far to believe them. "
        "A higher score speaks for a bona fide recording, a lower one for a fake."
    )
    chosen = _choose()
    detectors = choose_detectors("judges")
    if chosen is None or not detectors:
        return
    name, content = chosen
    clip = attempt(_decoded, name, content)
    if clip is None:
        return
    st.image(_remembered("sound", clip.name, pictures.png, pictures.sound, clip))
    st.audio(wav(clip))
    opinions = {
        title: _remembered(title, clip.name, verdicts.judge, title, detector, clip)
        for title, detector in detectors.items()
    }
    _verdicts(opinions)
    _explanations(name, clip, detectors, opinions)


def _choose():
    """Return the name and the bytes of a clip, or None."""
    sources = ["Sample", "Upload", "Record"] + (["Generated"] if SENT in st.session_state else [])
    source = st.radio("Clip", sources, horizontal=True, key="source")
    if source == "Sample":
        return _sample()
    if source == "Generated":
        return st.session_state[SENT]
    limits = settings()
    if source == "Upload":
        label = f"Sound file of any format, up to {limits.megabytes} MB and {limits.minutes:g} min"
        file = st.file_uploader(label, key="upload")
    else:
        file = st.audio_input("Record", sample_rate=16000, key="record")
    return None if file is None else (file.name, file.getvalue())


def _sample():
    known = {**samples.shipped(), **st.session_state.get("corpus", {})}
    title = st.selectbox("Sample", list(known), key="sample")
    if "corpus" not in st.session_state:
        _fetch_corpus()
    return samples.read(title, known)


def _fetch_corpus():
    if st.button(CORPUS, type="tertiary"):
        st.session_state.fetching = attempt(queue().submit, samples.corpus)
    job = st.session_state.get("fetching")
    if job and not waiting(job, "Fetching and building the starter corpus."):
        del st.session_state.fetching
        known = attempt(job.result)
        if known:
            st.session_state.corpus = {f"corpus {title}": path for title, path in known.items()}
            st.rerun()


def _decoded(name, content):
    return _remembered("clip", digest(content, name), read_bytes, name, content, settings())


def _remembered(place, key, function, *args):
    """Return ``function(*args)``, kept in the session until another `key` takes the place."""
    kept = st.session_state.get(f"kept {place}")
    if kept is None or kept[0] != key:
        with turns():
            kept = key, function(*args)
        st.session_state[f"kept {place}"] = kept
    return kept[1]


def _verdicts(opinions):
    st.header("Verdict")
    for column, opinion in zip(st.columns(len(opinions)), opinions.values(), strict=True):
        column.html(cards.verdict(opinion))
    for title, opinion in opinions.items():
        if opinion.long:
            st.subheader(f"Over time, {title}")
            place, key = f"timeline {title}", id(opinion)
            st.image(_remembered(place, key, pictures.png, pictures.timeline, *opinion.course))


def _explanations(name, clip, detectors, opinions):
    from xai import EXPLAINERS

    st.header("Why?")
    methods = st.multiselect(
        "Explanations", list(EXPLAINERS), default=list(explanations.METHODS), key="methods"
    )
    judged = {title: one for title, one in opinions.items() if one.found["llr"] is not None}
    if not judged:
        st.info("There is nothing to explain: the clip has no sound.")
        return
    if st.button("Explain", type="primary", disabled=not methods, icon=":material/search:"):
        for title, opinion in judged.items():
            args = opinion, detectors[title], clip, name, tuple(methods)
            job = attempt(queue().submit, explained, *args)
            if job is not None:
                st.session_state[f"why {title}"] = (clip.name, job)
    for title in judged:
        key, job = st.session_state.get(f"why {title}", (None, None))
        if key == clip.name and not waiting(job, f"Explaining what {title} heard."):
            _explained(title, name, attempt(job.result))


def explained(opinion, detector, clip, name, methods):
    """Return an explanation and its report: what a job of this tab does."""
    found = explanations.explain(opinion, detector, clip, name, methods)
    return found, explanations.report(opinion, found)


def _explained(title, name, result):
    if result is None:
        return
    found, report = result
    st.subheader(title)
    st.html(cards.explained(found, explanations.beliefs(found)))
    st.download_button(
        "Download the report",
        report,
        file_name=f"{name}-{title}.html".replace("/", "-"),
        mime="text/html",
        key=f"report {title}",
        icon=":material/download:",
        on_click="ignore",
    )
