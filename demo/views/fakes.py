"""A tab that makes fakes and shows them to the detectors."""

import streamlit as st

from demo import fakes, models, pictures
from demo.settings import settings
from demo.views.common import attempt, choose_detectors, queue, waiting, wav
from demo.views.judge import SENT
from experiment.report import number


def show():
    """Draw the tab."""
    st.title("Make fakes")
    st.write(
        "A generator makes clips from random numbers; the detectors say what they take them for."
    )
    known = models.generators(settings())
    if not known:
        st.info(
            "There is no generator yet: train one with fake-audio train-gan, or run "
            "fake-audio augment-and-detect, and start the page again."
        )
        return
    name = st.selectbox("Generator", list(known))
    left, right = st.columns(2)
    count = left.slider("Clips", 1, fakes.MOST, 4)
    seed = right.number_input("Seed (the same seed gives the same clips)", 0, 2**31 - 1, 0)
    detectors = choose_detectors("critics")
    if st.button("Make", type="primary", icon=":material/casino:"):
        args = known[name], name, count, int(seed), detectors
        st.session_state.making = attempt(queue().submit, made, *args)
    job = st.session_state.get("making")
    if job and not waiting(job, "Making clips."):
        _show(attempt(job.result))


def made(place, name, count, seed, detectors):
    """Return what is known of a generator, and clips with picture and verdicts."""
    from detect.use.verdict import verdicts

    generator = models.generator(place)
    clips = fakes.make(generator, count, seed)
    said = {title: verdicts(detector, clips) for title, detector in detectors.items()}
    rows = [
        {
            "name": f"{name.replace('/', '-')}-{seed}-{k}.wav",
            "wav": wav(clip),
            "picture": pictures.png(pictures.sound, clip),
            "said": {title: found[k] for title, found in said.items()},
        }
        for k, clip in enumerate(clips)
    ]
    return fakes.about(generator), rows


def _show(result):
    if result is None:
        return
    about, rows = result
    st.caption(about)
    for index, row in enumerate(rows):
        with st.container(border=True):
            left, right = st.columns([3, 2])
            left.image(row["picture"])
            right.markdown(f"**{row['name']}**")
            right.audio(row["wav"])
            for title, found in row["said"].items():
                far = " Outside what it was trained on." if found["outside"] else ""
                score = number(found["llr"])
                right.markdown(f"{title}: **{found['verdict']}**, score {score}.{far}")
            if right.button("Judge and explain", key=f"judge {index}"):
                st.session_state[SENT] = row["name"], row["wav"]
                st.session_state.source = "Generated"
                st.switch_page(st.Page(_judge, url_path="judge", default=True))


def _judge():
    from demo.views import judge

    judge.show()
