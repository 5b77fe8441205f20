"""The Gradio page under many visitors: good and broken uploads, clients that vanish."""

import collections
import io
import json
import random
import shutil
import signal
import socket
import struct
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import numpy as np
import soundfile

from tests.soak.processes import MEGABYTE, Memory, free_port, start

PATIENCE = 900  # seconds for one answer: fifty visitors share one processor
GROWTH = 300  # megabytes
OWN = "__autograph_generated_file"  # of TensorFlow, which removes it at its end
LEFT = 120  # seconds after which nothing may lie on disk


def run(settings):
    """Return how the page answered.

    Parameters
    ----------
    settings : Namespace
        With ``visitors`` and ``minutes``.

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
    url = f"http://127.0.0.1:{(port := free_port())}"
    scratch = home / "scratch"
    scratch.mkdir()
    with open(home / "log.txt", "w") as log:
        flags = ("--page", "gradio", "--port", port, "--runs", home / "runs")
        process = start("demo", *flags, scratch=scratch, log=log)
        wait(url, process)
        sounds = uploads()
        for content in sounds.values():  # the start is a page that has seen each kind of file once
            visit(url, content)
        memory, results = Memory(process), collections.Counter()
        until, spent = time.monotonic() + 60 * settings.minutes, []
        threads = [
            threading.Thread(target=_visitor, args=(url, sounds, k, until, results, spent))
            for k in range(settings.visitors)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left = _wait_until_empty(scratch)
        used = memory.stop()
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    remains = [path.name for path in scratch.rglob("demo-*")]
    silent = {key: value for key, value in results.items() if key.startswith("neither")}
    steady = used["peak_mb"] - used["start_mb"] <= GROWTH
    return {
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


def _visitor(url, sounds, seed, until, results, spent):
    draw = random.Random(seed)
    while time.monotonic() < until:
        kind = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        begun = time.monotonic()
        if draw.random() < 0.15:
            _vanish(url, sounds[kind], draw)
            results["vanished"] += 1
            continue
        outcome = visit(url, sounds[kind])
        results[outcome] += 1
        spent.append(time.monotonic() - begun)
        time.sleep(draw.uniform(0, 2))


def visit(url, content):
    """Upload a file and have it judged; return "answered", "refused in words" or "neither: why"."""
    try:
        path = json.loads(post(url + "/gradio_api/upload", *form(content)))[0]
        body = {"data": [{"path": path, "meta": {"_type": "gradio.FileData"}}, ["starter"]]}
        answer = post(url + "/gradio_api/call/judge", json.dumps(body).encode(), "application/json")
        event = json.loads(answer)["event_id"]
        address = f"{url}/gradio_api/call/judge/{event}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as stream:
            text = stream.read().decode()
    except urllib.error.HTTPError as error:
        told = error.read().decode(errors="replace")
        worded = error.code in (413, 429, 503) or "queue" in told.lower()
        return "refused in words" if worded else f"neither: HTTP {error.code}"
    except (OSError, ValueError, KeyError) as error:
        return f"neither: {type(error).__name__}"
    last = text.strip().rsplit("event: ", 1)[-1]
    if last.startswith("complete"):
        return "answered"
    return "refused in words" if last.startswith("error") and len(last) > 20 else f"neither: {last}"


def form(content):
    """Return a multipart body with one file, and its type."""
    mark = uuid.uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="clip.wav"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"


def post(url, body, kind):
    request = urllib.request.Request(url, body, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.read()


def _vanish(url, content, draw):
    """Begin an upload and drop the connection somewhere in its middle."""
    host, port = url.removeprefix("http://").split(":")
    body, kind = form(content)
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    try:
        with socket.create_connection((host, int(port)), timeout=60) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.sendall(head.encode() + body[: int(draw.random() * len(body))])
            time.sleep(0.2)
    except OSError:
        pass


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
