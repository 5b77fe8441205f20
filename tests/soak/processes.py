"""What the tests under load share: commands of the toolkit as processes, and their memory."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
MEGABYTE = 1 << 20


def free_port():
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(module, *argv, scratch, log):
    """Start a module of the toolkit; its temporary files go to `scratch`."""
    env = {**os.environ, "TMPDIR": str(scratch), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-m", module, *map(str, argv)]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)


class Memory:
    """The resident memory of a process and its children, looked at twice a second."""

    def __init__(self, process):
        self.process = psutil.Process(process.pid)
        self.readings = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        while not self._end.wait(0.5):
            try:
                family = [self.process, *self.process.children(recursive=True)]
                used = sum(one.memory_info().rss for one in family)
            except psutil.Error:
                continue
            self.readings.append((time.monotonic(), used / MEGABYTE))

    def stop(self):
        """Return the megabytes at the first reading, at most, and at the last one."""
        self._end.set()
        self._thread.join()
        used = [value for _, value in self.readings] or [0.0]
        return {"start_mb": round(used[0]), "peak_mb": round(max(used)), "end_mb": round(used[-1])}
