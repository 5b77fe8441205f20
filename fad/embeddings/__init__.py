"""Embeddings of clips: one file each, listed in `fad.embeddings.registry`."""
