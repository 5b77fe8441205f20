"""Start the web page on this machine: Streamlit (everything) or Gradio (the main path, an API).

fake-audio demo
fake-audio demo --models my_detectors --runs runs --port 8600
fake-audio demo --page gradio
"""

from demo.__main__ import main
from demo.settings import Settings

__all__ = ["Settings", "main"]
