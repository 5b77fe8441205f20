"""Pieces of HTML that both pages show; every value is escaped."""

from base64 import b64encode
from pathlib import Path

from markupsafe import Markup

from demo import pictures, texts
from experiment.report import audio_uri, render

TEMPLATES = Path(__file__).parent / "templates"


def verdict(opinion):
    """Return the card of an opinion: verdict, score on a scale, and what it means."""
    found = opinion.found
    return render(
        "verdict.html",
        TEMPLATES,
        name=opinion.detector,
        kind={"spoof": "fake", "bona fide": "real"}.get(found["verdict"], "none"),
        said=found["verdict"],
        sure=opinion.sure,
        llr=found["llr"],
        low=opinion.low,
        high=opinion.high,
        threshold=opinion.threshold,
        place=texts.place(opinion) if found["llr"] is not None else None,
        sentences=[s for s in texts.sentences(opinion) if s not in texts.cautions(opinion)],
        cautions=texts.cautions(opinion),
    )


def verdicts(opinions, picture):
    """Return a picture of the clip and the cards of its opinions, side by side."""
    made = [Markup(verdict(opinion)) for opinion in opinions]
    timelines = [
        (opinion.detector, pictures.uri(pictures.png(pictures.timeline, *opinion.course)))
        for opinion in opinions
        if opinion.long
    ]
    return render("verdicts.html", TEMPLATES, cards=made, picture=picture, timelines=timelines)


def waiting():
    """Return what stands where the reasons will be."""
    return "<p>Explaining: this takes some seconds, longer when others wait too.</p>"


def explained(found, beliefs, title=None, report=None):
    """Return an explanation as HTML with pictures and players inside.

    Parameters
    ----------
    found : demo.explanations.Explained
        What to show.
    beliefs : sequence of str
        What to believe of each method.
    title : str, optional
        Above it.
    report : str, optional
        A page to be downloaded from a link inside.

    Returns
    -------
    str
    """
    return render(
        "explained.html",
        TEMPLATES,
        found=found,
        title=title,
        report=report and f"data:text/html;base64,{b64encode(report.encode()).decode()}",
        maps=pictures.uri(found.maps),
        bands=pictures.uri(found.bands),
        beliefs=[text.replace("**", "") for text in beliefs],
        trust=texts.TRUST,
        players=[(caption, audio_uri(x, found.rate)) for caption, x in found.players],
    )
