"""fad.py on a scheduler with two separate workers, one killed while it holds work: same JSON."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from tests.soak.processes import ROOT, free_port, start


def run(settings):
    """Return whether a killed worker changes the result.

    Parameters
    ----------
    settings : Namespace
        With ``files``: of each of two sets.

    Returns
    -------
    dict
        Seconds with and without the cluster, and whether the JSON objects are equal.
    """
    home = Path(tempfile.mkdtemp(prefix="soak-"))
    running = []
    try:
        return _run(settings, home, running)
    finally:
        for process in running:
            process.kill()
            process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _run(settings, home, running):
    for seed, name in enumerate(("real", "fake")):
        (home / name).mkdir()
        draw = np.random.default_rng(seed)
        for k in range(settings.files):
            samples = draw.normal(0, 0.05 * (1 + seed), 16000)
            soundfile.write(home / name / f"{k:05d}.wav", samples, 16000)
    alone, seconds = _fad(home)
    address = f"tcp://127.0.0.1:{free_port()}"
    with open(home / "log.txt", "w") as log:
        places = ("--host", "127.0.0.1", "--port", address.rsplit(":", 1)[1])
        quiet = ("--no-dashboard", "--no-show")
        running.append(
            start("distributed.cli.dask_scheduler", *places, *quiet, scratch=home, log=log)
        )
        time.sleep(5)
        options = ("--nthreads", 1, "--no-dashboard", "--no-nanny", "--memory-limit", 0)
        for _ in range(2):
            one = start("distributed.cli.dask_worker", address, *options, scratch=home, log=log)
            running.append(one)
        begun = time.monotonic()
        job = _command(home, "--scheduler", address)
        with subprocess.Popen(job, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            killed = _kill_while_busy(address, running[1:], process)
            spread = json.loads(process.communicate(timeout=3600)[0])
    return {
        "files": 2 * settings.files,
        "seconds alone": round(seconds, 1),
        "seconds with two workers, one killed": round(time.monotonic() - begun, 1),
        "worker killed while it held work": killed,
        "same JSON": spread == alone,
        "held": spread == alone and killed,
    }


def _kill_while_busy(address, workers, job):
    """Kill a worker as soon as it holds work; return whether there was such a moment."""
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(len(workers), timeout=120)
        places = client.run(os.getpid)
        by_pid = {worker.pid: worker for worker in workers}
        while job.poll() is None:
            for place, held in client.processing().items():
                if held and places.get(place) in by_pid:
                    by_pid[places[place]].kill()
                    return True
            time.sleep(0.05)
    return False


def _command(home, *more):
    sets = (home / "real", home / "fake")
    options = ("--embedding", "logmel", "--no-cache", "--json", *more)
    return [sys.executable, "-m", "fake_audio", "fad", *map(str, (*sets, *options))]


def _fad(home):
    begun = time.monotonic()
    done = subprocess.run(_command(home), cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout), time.monotonic() - begun
