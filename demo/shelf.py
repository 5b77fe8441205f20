"""Uploads on disk, and who still needs them.

Gradio keeps one file for all who upload the same content, and knows no owner. Here a file stays
while a session holds it or a call that waits names it; what nobody needs, and what an interrupted
upload left, goes some seconds after it was last written or used.
"""

import contextlib
import threading
import time
from pathlib import Path

GRACE = 30.0  # seconds between an upload and the call or the session that names it
KEPT = 1800.0  # seconds that a session holds a file without using it
EVERY = 2.0  # seconds between looks


class Shelf:
    """A folder of uploads.

    Parameters
    ----------
    folder : str or Path
        Where they lie.
    waiting : callable
        Without arguments; text in which every file that a waiting call needs is named by the
        folder that it lies in.
    clock : callable
        Seconds since 1970.
    """

    def __init__(self, folder, waiting=str, clock=time.time):
        self.folder, self.waiting, self.clock = Path(folder), waiting, clock
        self._held, self._used = {}, {}
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def hold(self, session, path):
        """Keep a file for a session."""
        with self._lock:
            self._held.setdefault(session, set()).add(Path(path))
            self._used[Path(path)] = self.clock()

    def use(self, path):
        """Note that a file was just read."""
        with self._lock:
            self._used[Path(path)] = self.clock()

    def release(self, session):
        """Let go of what a session held, and remove what nobody else needs."""
        with self._lock:
            for path in self._held.pop(session, ()):
                self._used.pop(path, None)
                if not self._needed(path, self.waiting()):
                    path.unlink(missing_ok=True)

    def sweep(self):
        """Remove what nobody needs any more."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        with self._lock:
            waiting = self.waiting()
            for path in files:
                if not self._needed(path, waiting) and self._idle(path) > GRACE:
                    path.unlink(missing_ok=True)
                    self._used.pop(path, None)
                    with contextlib.suppress(OSError):
                        path.parent.rmdir()

    def _needed(self, path, waiting):
        if path.parent != self.folder and path.parent.name in waiting:
            return True
        held = any(path in paths for paths in self._held.values())
        return held and self._idle(path) <= KEPT

    def _idle(self, path):
        try:
            written = path.stat().st_mtime
        except OSError:
            written = 0.0
        return self.clock() - max(written, self._used.get(path, 0.0))

    def __enter__(self):
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *error):
        self._ended.set()

    def _watch(self):
        while not self._ended.wait(EVERY):
            with contextlib.suppress(OSError):
                self.sweep()


def named_by(page):
    """Return a function that tells which uploads the waiting calls of a Gradio page need."""

    def waiting():
        queue = page._queue
        queued = [e for line in queue.event_queue_per_concurrency_id.values() for e in line.queue]
        running = [event for job in queue.active_jobs if job for event in job]
        return repr([getattr(event.data, "data", None) for event in (*queued, *running)])

    return waiting
