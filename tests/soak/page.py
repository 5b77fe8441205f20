"""A page under many visitors: good and broken uploads, clients that vanish."""

import collections
import io
import random
import shutil
import signal
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import numpy as np
import soundfile

from tests.soak import gradio_page, streamlit_page
from tests.soak.processes import MEGABYTE, Memory, free_port, start

PAGES = {"gradio": gradio_page, "streamlit": streamlit_page}
GROWTH = 300  # megabytes
OWN = "__autograph_generated_file"  # of TensorFlow, which removes it at its end
LEFT = 120  # seconds after which nothing may lie on disk


def run(settings):
    """Return how the page answered.

    Parameters
    ----------
    settings : Namespace
        With ``page``, ``visitors`` and ``minutes``.

    Returns
    -------
    dict
        Calls answered, refused in words and neither; files left; memory; latency in seconds.
    """
    home = Path(tempfile.mkdtemp(prefix="soak-"))
    try:
        return _run(settings, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(settings, home):
    page = PAGES[settings.page]
    url = f"http://127.0.0.1:{(port := free_port())}"
    scratch = home / "scratch"
    scratch.mkdir()
    with open(home / "log.txt", "w") as log:
        flags = ("--page", settings.page, "--port", port, "--runs", home / "runs")
        process = start("demo", *flags, scratch=scratch, log=log)
        wait(url, process)
        sounds = uploads()
        for content in sounds.values():  # the start is a page that has seen each kind of file once
            page.visit(url, content)
        memory, results = Memory(process), collections.Counter()
        until, spent = time.monotonic() + 60 * settings.minutes, []
        threads = [
            threading.Thread(target=_visitor, args=(page, url, sounds, k, until, results, spent))
            for k in range(settings.visitors)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left = _wait_until_empty(scratch)
        used = memory.stop()
        process.send_signal(signal.SIGTERM)
        process.wait(LEFT)
    remains = [path.name for path in scratch.rglob("demo-*")]
    silent = {key: value for key, value in results.items() if key.startswith("neither")}
    steady = used["peak_mb"] - used["start_mb"] <= GROWTH
    return {
        "page": settings.page,
        "visitors": settings.visitors,
        "minutes": settings.minutes,
        "calls": dict(results),
        "seconds a call": np.round(np.quantile(spent, [0.5, 0.95, 1]), 1).tolist() if spent else [],
        "memory": used,
        "files left after the visitors": left,
        "folders left after SIGTERM": remains,
        "held": not silent and not left and not remains and steady,
    }


def uploads():
    """Return files of 0.1 to 50 MB by kind, a third of them broken."""
    draw = np.random.default_rng(0)
    speech = draw.normal(0, 0.1, 16000 * 3) * np.hanning(48000)
    found = {"small": _wav(speech), "middle": _wav(np.tile(speech, 11)), "broken": b"<html>" * 9}
    found["large"] = _wav(np.tile(speech, 180))
    found["cut"] = found["middle"][: MEGABYTE // 2]
    found["noise"] = draw.bytes(5 * MEGABYTE)
    found["too long"] = _wav(np.tile(speech, 540))
    return found


def _wav(samples):
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, 16000, format="WAV", subtype="PCM_16")
    return buffer.getvalue()


WEIGHTS = {"small": 8, "middle": 4, "large": 1, "broken": 4, "cut": 1, "noise": 2, "too long": 1}


def _visitor(page, url, sounds, seed, until, results, spent):
    draw = random.Random(seed)
    while time.monotonic() < until:
        kind = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        begun = time.monotonic()
        if draw.random() < 0.15:
            page.vanish(url, sounds[kind], draw)
            results["vanished"] += 1
            continue
        outcome = page.visit(url, sounds[kind])
        results[outcome] += 1
        spent.append(time.monotonic() - begun)
        time.sleep(draw.uniform(0, 2))


def wait(url, process):
    while True:
        if process.poll() is not None:
            raise RuntimeError("the page ended")
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except OSError:
            time.sleep(1)


def _wait_until_empty(scratch):
    """Return the names of files that are still there after `LEFT` seconds."""
    until = time.monotonic() + LEFT
    while True:
        left = [path for path in scratch.rglob("*") if path.is_file() and OWN not in path.name]
        if not left or time.monotonic() > until:
            return [path.relative_to(scratch).as_posix() for path in left]
        time.sleep(2)
