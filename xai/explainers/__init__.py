"""One file per explainer.

An explainer is a function ``(subject, *, seed, **options) -> heat [n, frames, bands]`` on the axes
of its `xai.subject.Subject`, where positive heat is evidence for the subject's side.
"""
