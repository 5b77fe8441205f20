"""A tab for the Frechet Audio Distance of two uploaded sets."""

import streamlit as st

from demo import distances, pictures
from demo.settings import settings
from demo.views.common import attempt, queue, waiting


def show():
    """Draw the tab."""
    st.title("Distance of two sets")
    st.write(
        "How far are your clips from a reference, as a set? The Frechet Audio Distance compares "
        "the statistics of their embeddings: 0 is no difference, and what is far depends on the "
        "embedding and on the number of clips. Compare numbers of one embedding alone."
    )
    left, right = st.columns(2)
    most = f"at most {distances.MOST} files"
    reference = left.file_uploader(f"Reference, {most}", accept_multiple_files=True)
    evaluated = right.file_uploader(f"To be compared, {most}", accept_multiple_files=True)
    embedding = st.selectbox(
        "Embedding", list(distances.EMBEDDINGS), format_func=distances.EMBEDDINGS.get
    )
    if st.button("Measure", type="primary", disabled=not (reference and evaluated)):
        sets = [
            [(file.name, file.getvalue()) for file in files] for files in (reference, evaluated)
        ]
        st.session_state.measuring = attempt(queue().submit, measured, *sets, embedding)
    job = st.session_state.get("measuring")
    if job and not waiting(job, "Measuring."):
        _show(attempt(job.result))


def measured(reference, evaluated, embedding):
    """Return the result of two sets of (name, bytes), its picture, and refused files."""
    (first, refused), (second, others) = (
        distances.read(files, settings()) for files in (reference, evaluated)
    )
    result = distances.measure(first, second, embedding)
    picture = pictures.png(pictures.ranking, result["ranking"], embedding)
    return result, picture, refused + others


def _show(found):
    if found is None:
        return
    result, picture, refused = found
    st.subheader(distances.words(result))
    st.image(picture)
    for line in [*result["warnings"], *refused]:
        st.warning(line)
