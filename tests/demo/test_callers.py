"""Both pages as programs meet them: several callers at once, a bad file, and a polite kill."""

import json
import signal
import threading
from contextlib import contextmanager

import pytest

from tests.soak.page import PAGES, wait
from tests.soak.processes import free_port, start
from tests.soak.wire import form, send


@contextmanager
def served(name, folder):
    """Serve a page, end it with SIGTERM, and see that nothing of it is left on disk."""
    port, scratch = free_port(), folder / "scratch"
    scratch.mkdir()
    with open(folder / "log.txt", "w") as log:
        flags = ("--page", name, "--port", port, "--runs", folder / "runs")
        process = start("demo", *flags, scratch=scratch, log=log)
        try:
            wait(url := f"http://127.0.0.1:{port}", process)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)
    assert not list(scratch.glob("demo-*"))


@pytest.mark.parametrize("name", PAGES)
def test_callers_of_one_file_are_all_answered_and_nothing_is_left(name, clips, tmp_path):
    page, content, said = PAGES[name], clips["real"].read_bytes(), []
    with served(name, tmp_path) as url:
        callers = [
            threading.Thread(target=lambda: said.append(page.visit(url, content))) for _ in range(4)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert said == ["answered"] * 4
        assert page.visit(url, b"<html>") == "refused in words"


def test_an_upload_that_nobody_asked_about_goes_with_the_page(clips, tmp_path):
    with served("gradio", tmp_path) as url:
        content = clips["real"].read_bytes()
        [path] = json.loads(send(f"{url}/gradio_api/upload", *form(content)))
        assert str(tmp_path / "scratch") in path
