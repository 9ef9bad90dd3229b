"""The command line: what is unknown is said, what is cut off is no error."""

import subprocess
import sys


def lab(*words):
    return subprocess.Popen(
        [sys.executable, "-m", "lstm_lab", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_an_unknown_command_is_named_and_the_known_ones_are_listed():
    process = lab("grad")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert out == b""
    assert b"'grad'" in err
    assert b"grade" in err
    assert b"Traceback" not in err


def test_a_reader_that_leaves_early_sees_no_traceback():
    process = lab("--help")
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait(timeout=60) == 0
    assert err == b""
    process.stderr.close()


def test_every_command_says_what_it_is_for():
    process = lab("help")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    for name in ("open", "check", "grade", "build", "update", "reset", "progress", "doctor"):
        line = next(line for line in out.decode().splitlines() if line.split()[:1] == [name])
        assert len(line.split()) > 2
