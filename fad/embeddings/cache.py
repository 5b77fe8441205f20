"""Embeddings that were computed before, by content: one SQLite file in the platform's cache.

The key is the digest of the sound file's bytes, the weights' digest and the windowing, so an entry
cannot be stale. SQLite's own locks make it safe for several processes. What was used longest ago
goes first when the size limit is reached.
"""

import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from experiment.errors import DataError
from experiment.files import cache_folder

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS embeddings (key TEXT PRIMARY KEY, windows INTEGER, seconds REAL, "
    "used REAL, size INTEGER, data BLOB)"
)
LIMIT = 4.0


class Cache:
    """Embeddings by key.

    Parameters
    ----------
    path : str or Path, optional
        The file; in the platform's cache folder by default.
    limit : float
        Size in gigabytes above which the least recently used entries go.
    """

    def __init__(self, path=None, limit=LIMIT):
        self.path = Path(path or cache_folder("embeddings") / "embeddings.sqlite")
        self.limit = limit * 1e9

    @contextmanager
    def _open(self):
        try:
            connection = self._connect()
        except sqlite3.OperationalError as error:
            raise DataError(f"{self.path}: {error}; free it or go on with --no-cache") from None
        except sqlite3.DatabaseError:
            self.path.unlink()
            connection = self._connect()
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def _connect(self):
        connection = sqlite3.connect(self.path, timeout=60)
        connection.execute(SCHEMA)
        return connection

    def get(self, keys):
        """Return what is known.

        Parameters
        ----------
        keys : iterable of str
            From `key`.

        Returns
        -------
        dict of str to (ndarray [windows, d], float)
            Embeddings, and seconds of sound, of the keys that are there.
        """
        found = {}
        with self._open() as connection:
            for key in set(keys):
                query = "SELECT windows, seconds, data FROM embeddings WHERE key = ?"
                row = connection.execute(query, (key,)).fetchone()
                if row:
                    array = np.frombuffer(row[2], np.float32).reshape(row[0], -1)
                    found[key] = array, row[1]
            update = "UPDATE embeddings SET used = ? WHERE key = ?"
            connection.executemany(update, [(time.time(), key) for key in found])
        return found

    def put(self, entries):
        """Keep embeddings, and forget old ones above the limit.

        Parameters
        ----------
        entries : dict of str to (ndarray [windows, d], float)
            As `get` returns them.
        """
        rows = []
        for key, (array, seconds) in entries.items():
            data = np.ascontiguousarray(array, np.float32).tobytes()
            rows.append((key, len(array), seconds, time.time(), len(data), data))
        with self._open() as connection:
            insert = "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?, ?, ?)"
            connection.executemany(insert, rows)
            self._forget(connection)

    def _forget(self, connection):
        excess = connection.execute("SELECT SUM(size) FROM embeddings").fetchone()[0] or 0
        excess -= self.limit
        query = "SELECT key, size FROM embeddings ORDER BY used"
        for key, size in connection.execute(query).fetchall() if excess > 0 else ():
            connection.execute("DELETE FROM embeddings WHERE key = ?", (key,))
            excess -= size
            if excess <= 0:
                break
