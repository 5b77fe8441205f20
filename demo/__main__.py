"""Start the Streamlit page, or the Gradio page, on this machine.

python -m demo
python -m demo --models my_detectors --runs runs --port 8600
python -m demo --page gradio
"""

from pathlib import Path

from demo import memory, models, scratch
from demo.settings import Settings, publish
from experiment.command import run_command
from experiment.errors import UsageError, choose

RETURN = 5  # seconds in which a visitor whose connection broke finds everything again
REMEDY = "the pages need the extra demo: pip install -e '.[demo]'"


def main(config):
    """Serve until interrupted."""
    serve = choose(config.page, PAGES, "page")
    publish(config)
    scratch.tidy()
    try:
        serve(config)
    except ImportError as error:
        raise UsageError(f"{REMEDY} ({error})") from None


def streamlit(config):
    """Serve the Streamlit page."""
    from streamlit.web import cli

    flags = {
        "server.address": config.address,
        "server.port": config.port,
        "server.headless": True,
        "server.maxUploadSize": config.megabytes,
        "server.fileWatcherType": "none",
        "server.disconnectedSessionTTL": RETURN,
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
        "theme.base": "light",
        "theme.primaryColor": "#0b5c8a",
        "theme.textColor": "#1c2430",
    }
    memory.return_freed()
    models.warm(config)
    told = [f"--{name}={str(value).lower()}" for name, value in flags.items()]
    cli.main(["run", str(Path(__file__).parent / "page.py"), *told], standalone_mode=False)


def gradio(config):
    """Serve the Gradio page."""
    from demo import app

    app.serve(config.address, config.port)


PAGES = {"streamlit": streamlit, "gradio": gradio}

if __name__ == "__main__":
    run_command(main, Settings, __doc__)
