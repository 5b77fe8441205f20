"""The pages as a visitor meets them: served by their own command, driven in a headless Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from demo import models, samples
from demo.settings import Settings

ROOT = Path(__file__).parents[2]
PATIENCE = 240  # seconds, for a machine that is busy
LIMITS = {"megabytes": 1, "minutes": 0.5}
SHOTS = ROOT / "build" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def limits():
    return Settings(**LIMITS)


@pytest.fixture(scope="session")
def detector():
    return models.detector("starter")


@pytest.fixture(scope="session")
def clips():
    """Path of a shipped clip of each kind."""
    return {Path(path).name.split("-")[0]: Path(path) for path in samples.shipped().values()}


@pytest.fixture(scope="session")
def mine(detector, tmp_path_factory):
    """Folder with a second detector."""
    folder = tmp_path_factory.mktemp("models")
    detector.save(folder / "second")
    return folder


@dataclass
class Server:
    url: str
    scratch: Path
    requests: list = field(default_factory=list)

    def leftovers(self):
        """Sound files that the server keeps on disk."""
        return [p for p in self.scratch.rglob("*") if p.suffix in (".flac", ".wav", ".sound")]


@pytest.fixture(scope="session")
def serve(mine, tmp_path_factory):
    """Start a page by its command; all are stopped at the end."""
    started = []

    def start(page):
        scratch = tmp_path_factory.mktemp(page)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        flags = {"page": page, "port": port, "models": mine, "runs": scratch / "runs", **LIMITS}
        command = [sys.executable, "-m", "demo", *(f"--{k}={v}" for k, v in flags.items())]
        log = open(scratch / "log.txt", "w")  # noqa: SIM115
        env = {**os.environ, "TMPDIR": str(scratch)}
        started.append(subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log))
        url = f"http://127.0.0.1:{port}/"
        wait_for(lambda: answers(url, started[-1]))
        return Server(url, scratch)

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(60)


def answers(url, process):
    assert process.poll() is None, "the page ended"
    try:
        return urllib.request.urlopen(url, timeout=10).status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("the pages are driven in Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Open a page of a server as a new visitor; every request that it makes is noted."""
    visitors = []

    def open_page(server, path=""):
        visitor = chromium.new_context(viewport={"width": 1180, "height": 1000})
        visitor.set_default_timeout(1000 * PATIENCE)
        visitor.on("request", lambda request: server.requests.append(request.url))
        visitors.append(visitor)
        page = visitor.new_page()
        page.goto(server.url + path)
        return page

    yield open_page
    for visitor in visitors:
        visitor.close()


def shoot(page, name):
    """Keep a picture of the whole page as a build output."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    height = page.evaluate(
        "(document.querySelector('[data-testid=stMain]') || document.body).scrollHeight"
    )
    page.set_viewport_size({"width": 1180, "height": max(int(height), 600)})
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def elsewhere(server):
    """Requests that would have left this machine."""
    local = (server.url, server.url.replace("http", "ws"), "data:", "blob:", "about:")
    return [url for url in server.requests if not url.startswith(local)]
