"""The Gradio page, as a Hugging Face Space runs it: `python demo/app.py`.

The main path of the Streamlit page: a clip, its verdicts, and why; the same by API.
"""

import os
import sys
from functools import wraps
from html import escape
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[1])

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
import gradio as gr

from demo import cards, explanations, memory, models, pictures, samples, scratch, verdicts
from demo.settings import settings
from demo.shelf import Shelf, named_by
from demo.uploads import read_file
from experiment.command import end_politely
from experiment.errors import DataError, UsageError

FONTS = ("system-ui", "Segoe UI", "Liberation Sans", "Arial", "sans-serif")
WAITING = 60  # calls; a further one is refused in words
SPARE = 4  # Gradio stops an upload without a word; below so many times the limit we say why
TITLE = "Real or fake speech?"
LEAD = (
    "Choose a sample, upload a sound file of any format, or record; read what the detectors say, "
    "and see how far to believe them. A higher score speaks for a bona fide recording."
)
shelf = Shelf(os.devnull)  # `serve` puts up the one that is used


def build(known):
    """Return the page.

    Parameters
    ----------
    known : demo.settings.Settings
        What it offers, and its limits.

    Returns
    -------
    gradio.Blocks
    """
    detectors, clips = list(models.detectors(known)), samples.shipped()
    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        gr.Markdown(f"# {TITLE}\n{LEAD}")
        with gr.Row():
            with gr.Column():
                sample = gr.Dropdown([*clips], value=None, label="Sample")
                sound = gr.Audio(
                    type="filepath",
                    sources=["upload", "microphone"],
                    editable=False,
                    buttons=["download"],
                    label=f"Clip, up to {known.megabytes} MB and {known.minutes:g} min",
                )
            with gr.Column():
                judges = gr.Dropdown(
                    detectors, value=detectors[:1], multiselect=True, label="Detectors"
                )
                methods = gr.CheckboxGroup(
                    list(explanations.METHODS), value=list(explanations.METHODS), label="Methods"
                )
                button = gr.Button("Judge and explain", variant="primary")
        verdict, why = (gr.HTML(apply_default_css=False) for _ in range(2))
        sample.input(clips.get, sample, sound, api_visibility="private")
        private = {"api_visibility": "private"}
        sound.change(keep, sound, queue=False, **private)
        said = button.click(show_verdict, [sound, judges], [verdict, why], **private)
        inputs = [sound, judges, methods]
        said.then(show_reasons, inputs, why, concurrency_id="heavy", **private)
        _api(sound, judges, methods)
        page.unload(forget)
    return page


def _api(sound, judges, methods):
    """Add the two calls that programs make."""
    hidden = {"visible": False}
    answer = gr.JSON(**hidden)
    heavy = {"concurrency_id": "heavy"}
    gr.Button(**hidden).click(judge, [sound, judges], answer, api_name="judge")
    inputs = [sound, judges, methods]
    gr.Button(**hidden).click(explain, inputs, answer, api_name="explain", **heavy)


def readable(path, session=None):
    """Return an uploaded file's name and clip; the file stays while somebody needs it."""
    if path is None:
        raise DataError("there is no clip: choose a sample, upload a file, or record")
    try:
        return Path(path).name, read_file(path, Path(path).name, settings())
    finally:
        shelf.use(path)
        if session is not None:
            shelf.hold(session, path)


def keep(path, request: gr.Request):
    """Keep what a session chose for as long as the session lasts."""
    if path is not None:
        shelf.hold(request.session_hash, path)


def forget(request: gr.Request):
    """Delete what a session uploaded, unless somebody else uploaded the same and is still there."""
    shelf.release(request.session_hash)


def judged(clip, names):
    """Return the opinions of detectors by name, and the detectors."""
    places = models.detectors(settings())
    chosen = [name for name in names if name in places]
    if not chosen:
        raise UsageError(f"choose a detector: {', '.join(places) or 'there is none yet'}")
    loaded = {name: models.detector(places[name]) for name in chosen}
    opinions = [verdicts.judge(name, detector, clip) for name, detector in loaded.items()]
    return opinions, loaded


def told(function):
    """Return a function whose errors of input reach the visitor as one sentence."""

    @wraps(function)
    def guarded(*args):
        try:
            return function(*args)
        except (DataError, UsageError) as error:
            raise gr.Error(escape(str(error)), duration=None, print_exception=False) from None

    return guarded


@told
def judge(path, detectors):
    """Judge a sound file.

    Parameters
    ----------
    path : str
        The file.
    detectors : list of str
        Names of detectors.

    Returns
    -------
    list of dict
        Verdict, score, interval, threshold and warnings of each.
    """
    name, clip = readable(path)
    opinions, _ = judged(clip, detectors)
    return [{**opinion.to_dict(), "file": name} for opinion in opinions]


@told
def explain(path, detectors, methods):
    """Explain the verdicts on a sound file.

    Parameters
    ----------
    path : str
        The file.
    detectors, methods : list of str
        Names of detectors, and of explanation methods.

    Returns
    -------
    list of dict
        What each detector heard where: gains over random maps, shares of bands, beliefs.
    """
    name, clip = readable(path)
    opinions, loaded = judged(clip, detectors)
    reasons = _reasons(opinions, loaded, clip, name, methods)
    return [{"detector": o.detector, **found.to_dict()} for o, found in reasons]


@told
def show_verdict(path, detectors, request: gr.Request):
    """Return the cards of the verdicts as HTML, and nothing where the reasons will be."""
    _, clip = readable(path, request.session_hash)
    opinions, _ = judged(clip, detectors)
    picture = pictures.uri(pictures.png(pictures.sound, clip))
    return cards.verdicts(opinions, picture), cards.waiting()


@told
def show_reasons(path, detectors, methods, request: gr.Request):
    """Return the explanations as HTML."""
    name, clip = readable(path, request.session_hash)
    opinions, loaded = judged(clip, detectors)
    parts = []
    for opinion, found in _reasons(opinions, loaded, clip, name, methods):
        report = explanations.report(opinion, found)
        beliefs = explanations.beliefs(found)
        parts.append(cards.explained(found, beliefs, opinion.detector, report))
    return "\n".join(parts)


def _reasons(opinions, loaded, clip, name, methods):
    for one in opinions:
        if one.found["llr"] is not None:
            detector = loaded[one.detector]
            yield one, explanations.explain(one, detector, clip, name, tuple(methods))


def _theme():
    """Return a theme whose fonts are those of the visitor's machine."""
    theme = gr.themes.Default(primary_hue="blue", font=FONTS, font_mono=("monospace",))
    blue = {f"button_primary_background_fill{state}": "#0b5c8a" for state in ("", "_dark")}
    return theme.set(**blue, button_primary_background_fill_hover="#084468")


def serve(address="127.0.0.1", port=7860):
    """Serve the page until interrupted; a Space's environment decides the address there."""
    global shelf
    memory.return_freed()
    scratch.tidy()
    with scratch.folder() as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        page = build(settings()).queue(max_size=WAITING, default_concurrency_limit=2)
        shelf = Shelf(folder, named_by(page))
        models.warm(settings())
        with shelf:
            launch(page, address, port)


def launch(page, address, port):
    """Answer visitors until interrupted."""
    page.launch(
        server_name=os.environ.get("GRADIO_SERVER_NAME", address),
        server_port=int(os.environ.get("GRADIO_SERVER_PORT", port)),
        max_file_size=SPARE * settings().bytes,
        theme=_theme(),
        css=".gradio-container { max-width: 1080px !important; margin: 0 auto; }",
        allowed_paths=[str(samples.SHIPPED)],
        footer_links=["api"],
        ssr_mode=False,
        show_error=True,
    )


if __name__ == "__main__":
    end_politely()
    serve()
