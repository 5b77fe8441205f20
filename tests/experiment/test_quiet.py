import os
import subprocess
import sys

from experiment.quiet import GREETING, _without


def test_lines_of_the_kind_are_held_back_and_others_are_not(capfd):
    with _without(GREETING):
        os.write(2, b"I0000 00:00:17 1 cudart_stub.cc:31] Could not find cuda drivers\n")
        os.write(2, b"E0000 00:00:17 1 cuda_driver.cc:2] failed call to cuInit\n")
        os.write(2, b"E0000 00:00:17 1 disk.cc:2] no space left\n")
        os.write(2, b"a sentence\n")
    assert capfd.readouterr().err == "E0000 00:00:17 1 disk.cc:2] no space left\na sentence\n"


def test_tensorflow_is_imported_without_its_greeting():
    code = (
        "from experiment.quiet import quiet_tensorflow; quiet_tensorflow(); quiet_tensorflow()\n"
        "import sys\n"
        "import tensorflow as tf\n"
        "assert float(tf.constant(2.0) + 1) == 3\n"
        "assert not any(type(finder).__name__ == '_Finder' for finder in sys.meta_path)"
    )
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
