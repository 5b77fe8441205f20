"""The Gradio page as programs meet it: one file for four callers, and a polite kill."""

import json
import signal
import threading

import pytest

from tests.soak import page
from tests.soak.processes import free_port, start

pytestmark = pytest.mark.slow


def test_callers_of_one_file_are_all_answered_and_nothing_is_left(clips, tmp_path):
    port, content = free_port(), clips["real"].read_bytes()
    url = f"http://127.0.0.1:{port}"
    with open(tmp_path / "log.txt", "w") as log:
        flags = ("--page", "gradio", "--port", port, "--runs", tmp_path / "runs")
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        process = start("demo", *flags, scratch=scratch, log=log)
        try:
            page.wait(url, process)
            said = []
            callers = [
                threading.Thread(target=lambda: said.append(page.visit(url, content)))
                for _ in range(4)
            ]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join()
            assert said == ["answered"] * 4
            assert page.visit(url, b"<html>") == "refused in words"
            [path] = json.loads(page.post(f"{url}/gradio_api/upload", *page.form(content)))
            assert str(scratch) in path
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)
    assert not list(scratch.glob("demo-*"))
