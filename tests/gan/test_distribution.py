import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gan import checkpoint

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FLAGS = "--dim 2 --batch 4 --critic_steps 2 --steps 2 --tensorboard false --precision float32"


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def start(index, ports, data, out):
    cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
    config = json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})
    command = [sys.executable, ROOT / "scripts" / "train_gan.py", *FLAGS.split()]
    command += ["--distribute", "workers", "--data", data, "--out", out]
    environment = {**os.environ, "TF_CONFIG": config, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_two_processes_train_one_generator(speech_folder, tmp_path):
    ports = free_ports(2)
    workers = [start(index, ports, speech_folder, tmp_path / "run") for index in range(2)]
    try:
        said = [worker.communicate(timeout=300)[1] for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
    assert [worker.returncode for worker in workers] == [0, 0], said
    folders = [tmp_path / "run", tmp_path / "run-worker-1"]
    first, second = (checkpoint.load(folder / "checkpoint.npz")[0] for folder in folders)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
