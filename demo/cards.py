"""Pieces of HTML that both pages show; every value is escaped."""

from pathlib import Path

from demo import words
from experiment.report import render

TEMPLATES = Path(__file__).parent / "templates"


def verdict(opinion):
    """Return the card of an opinion: verdict, score on a scale, and what it means."""
    found = opinion.found
    return render(
        "verdict.html",
        TEMPLATES,
        name=opinion.detector,
        kind={"fake": "fake", "bona fide": "real"}.get(found["verdict"], "none"),
        said=found["verdict"],
        sure=opinion.sure,
        llr=found["llr"],
        low=opinion.low,
        high=opinion.high,
        threshold=opinion.threshold,
        place=words.place(opinion) if found["llr"] is not None else None,
        sentences=[s for s in words.sentences(opinion) if s not in words.cautions(opinion)],
        cautions=words.cautions(opinion),
    )


def explained(found, beliefs):
    """Return an explanation as HTML with pictures and players inside.

    Parameters
    ----------
    found : demo.explanations.Explained
        What to show.
    beliefs : sequence of str
        What to believe of each method.

    Returns
    -------
    str
    """
    from demo.pictures import uri
    from experiment.report import audio_uri

    return render(
        "explained.html",
        TEMPLATES,
        found=found,
        maps=uri(found.maps),
        bands=uri(found.bands),
        beliefs=[text.replace("**", "") for text in beliefs],
        trust=words.TRUST,
        players=[(caption, audio_uri(x, found.rate)) for caption, x in found.players],
    )
