"""Which of the shipped detectors judges where none is named."""

DEFAULT = "vocoded"  # trained on real speech and its copies; `starter` on the starter corpus
