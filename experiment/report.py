"""Reports as one HTML file that opens anywhere: figures, sound and style are inside."""

import base64
import io
from pathlib import Path

from experiment.files import write_text

TEMPLATES = Path(__file__).parent / "templates"


def figure_uri(figure, dpi: int = 110) -> str:
    """Return a matplotlib figure as an inline picture, and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What to draw.
    dpi : int
        Dots per inch.

    Returns
    -------
    str
        A ``data:image/png`` address.
    """
    import matplotlib.pyplot as plt

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, bbox_inches="tight")
    plt.close(figure)
    return _uri("image/png", buffer.getvalue())


def audio_uri(samples, rate: int) -> str:
    """Return sound as an inline WAV file of 16 bits.

    Parameters
    ----------
    samples : ndarray [n]
        In [-1, 1].
    rate : int
        Samples per second.

    Returns
    -------
    str
        A ``data:audio/wav`` address.
    """
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, format="WAV", subtype="PCM_16")
    return _uri("audio/wav", buffer.getvalue())


def _uri(kind, content):
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def render(template: str, folder: str | Path, **context) -> str:
    """Return the HTML of a template; every value is escaped.

    Parameters
    ----------
    template : str
        File name in `folder`; it may extend ``base.html`` and import ``parts.html``.
    folder : str or Path
        Folder of the package's own templates.
    **context
        What the template names.

    Returns
    -------
    str
        One self-contained page.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number
    return environment.get_template(template).render(**context)


def write_page(path, template, folder, **context) -> None:
    """Render a template into a file, atomically; see `render`."""
    write_text(path, render(template, folder, **context))


def number(value: float | int | str | None, digits: int = 3) -> str:
    """Return a number as a report shows it; what is not finite becomes a dash.

    Parameters
    ----------
    value : float, int, str or None
        What to show.
    digits : int
        Significant digits.

    Returns
    -------
    str
        With a true minus sign.
    """
    if value is None or value != value:
        return "–"
    if isinstance(value, str | int):
        return str(value)
    exponent = int(f"{value:.{digits - 1}e}".split("e")[1]) if value else 0
    if exponent >= 3:
        return f"{value:,.0f}".replace("-", "−")
    places = min(max(0, digits - 1 - exponent), digits)
    return f"{value:.{places}f}".replace("-", "−")
