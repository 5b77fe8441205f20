"""Distances between two sets of embeddings, with their intervals."""
