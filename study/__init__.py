"""The whole experiment: corpus, fakes, distances, detectors, evaluation, explanations, report."""
