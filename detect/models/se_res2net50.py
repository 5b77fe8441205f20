"""Res2Net50 with squeeze and excitation.

Source: X. Li et al., *Replay and synthetic speech detection with Res2Net architecture*, ICASSP
2021.
"""

from detect.models.res2net50 import network


def build(shape, image=False, weights="none", dropout=0.2):
    """Return SE-Res2Net50 with four scales; see detect.models.res2net50.network."""
    return network(shape, image, weights, dropout, excited=True, name="se_res2net50")
