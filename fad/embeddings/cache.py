"""Embeddings that were computed before, by content: one SQLite file in the platform's cache.

The key is the digest of the sound file's bytes, the weights' digest and the windowing, so an entry
cannot be stale; a checksum tells one that was damaged on disk, and it is computed again. SQLite's
own locks make it safe for several processes. What was used longest ago goes first when the size
limit is reached.
"""

import sqlite3
import time
import zlib
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from experiment.errors import DataError
from experiment.files import cache_folder, reason

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, windows INTEGER, seconds REAL, "
    "used REAL, size INTEGER, data BLOB, sum INTEGER)"
)
UNCHECKED = "DROP TABLE IF EXISTS embeddings"  # of versions that kept no checksums
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
        connection = self._connected()
        try:
            with connection:
                yield connection
        except sqlite3.OperationalError as error:
            raise self._refused(error) from None
        finally:
            connection.close()

    def _connected(self):
        try:
            return self._connect()
        except sqlite3.OperationalError as error:
            raise self._refused(error) from None
        except sqlite3.DatabaseError:
            self._discard()
            return self._connect()

    def _refused(self, error):
        return DataError(f"{self.path}: {reason(error)}; free it or go on with --no-cache")

    def _connect(self):
        connection = sqlite3.connect(self.path, timeout=60)
        try:
            connection.execute(SCHEMA)
            connection.execute(UNCHECKED)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _discard(self):
        """Remove a file that is no longer a database: what it held is computed again."""
        for path in (self.path, *(Path(f"{self.path}{end}") for end in ("-journal", "-wal"))):
            path.unlink(missing_ok=True)

    def get(self, keys):
        """Return what is known.

        Parameters
        ----------
        keys : iterable of str
            From `key`.

        Returns
        -------
        dict of str to (ndarray [windows, d], float)
            Embeddings, and seconds of sound, of the keys that are there and whole.
        """
        try:
            return self._get(set(keys))
        except sqlite3.DatabaseError:
            self._discard()
            return {}

    def _get(self, keys):
        found = {}
        with self._open() as connection:
            for key in keys:
                query = "SELECT windows, seconds, data, sum FROM kept WHERE key = ?"
                row = connection.execute(query, (key,)).fetchone()
                entry = row and _entry(key, *row)
                if entry:
                    found[key] = entry
            update = "UPDATE kept SET used = ? WHERE key = ?"
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
            total = _checksum(key, len(array), seconds, data)
            rows.append((key, len(array), seconds, time.time(), len(data), data, total))
        try:
            self._put(rows)
        except sqlite3.DatabaseError:
            self._discard()
            self._put(rows)

    def _put(self, rows):
        with self._open() as connection:
            insert = "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?, ?)"
            connection.executemany(insert, rows)
            self._forget(connection)

    def _forget(self, connection):
        excess = connection.execute("SELECT SUM(size) FROM kept").fetchone()[0] or 0
        excess -= self.limit
        query = "SELECT key, size FROM kept ORDER BY used"
        for key, size in connection.execute(query).fetchall() if excess > 0 else ():
            connection.execute("DELETE FROM kept WHERE key = ?", (key,))
            excess -= size
            if excess <= 0:
                break


def _checksum(key, windows, seconds, data):
    return zlib.crc32(f"{key} {windows} {float(seconds)!r} ".encode() + data)


def _entry(key, windows, seconds, data, total):
    """Return a row as embeddings and seconds, None where it is not what was put in."""
    try:
        if _checksum(key, windows, seconds, data) != total:
            return None
        array = np.frombuffer(data, np.float32).reshape(windows, -1)
    except (TypeError, ValueError):
        return None
    return array, seconds
