"""What the Python peers share: arguments, one pass over a folder, and how results are told.

A peer gives `load(arguments)`, which returns a function from a picture's path to the milliseconds of each stage. It is
run in one of two ways:

    python PEER.py --weights FILE --metadata FILE --input FOLDER [--passes 3]    prints one JSON object
    python PEER.py ... --serve                                                   see below

With --serve it prints one line when the model is loaded, then waits: for each line "pass" on its input it judges every
picture once and prints one line; at the end of the input it stops. compare.ts drives peers that way, in turns.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from pathlib import Path

STAGES = ("decode", "pre", "network", "post", "visualise")
SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"}


class Stages:
    """A stopwatch: `lap(name)` gives the time since the last lap to a stage."""

    def __init__(self):
        self.times = {}
        self.last = time.perf_counter()

    def lap(self, name):
        now = time.perf_counter()
        self.times[name] = (now - self.last) * 1000
        self.last = now


def pictures(folder):
    folder = Path(folder)
    return [folder] if folder.is_file() else sorted(f for f in folder.rglob("*") if f.suffix.lower() in SUFFIXES)


def one_pass(judge, files):
    """Judges every picture once; medians in milliseconds. `decision` is everything before the pictures are drawn."""
    started, cpu = time.perf_counter(), time.process_time()
    laps = [judge(file) for file in files]
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    stages = {name: statistics.median(lap[name] for lap in laps) for name in STAGES if name in laps[0]}
    decisions = [sum(value for name, value in lap.items() if name != "visualise") for lap in laps]
    return {
        "pictures": len(files),
        "stages": stages,
        "decision": statistics.median(decisions),
        "seconds": seconds,
        "cpu_ms_per_picture": cpu * 1000 / len(files),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main(peer, load):
    """Runs a peer. `load` imports what it needs itself, so that the imports are part of the measured start."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", required=True, type=Path)
    parser.add_argument("--metadata", required=True, type=Path)
    parser.add_argument("--input", required=True, type=Path)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0, help="0 = the library's default")
    parser.add_argument("--serve", action="store_true")
    arguments = parser.parse_args()
    arguments.weights, arguments.metadata = arguments.weights.resolve(), arguments.metadata.resolve()
    files = [file.resolve() for file in pictures(arguments.input)]
    if not files:
        parser.error(f"{arguments.input} holds no pictures")

    # What the libraries print must not get between the lines of the protocol.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    started = time.perf_counter()
    judge, versions = load(arguments)
    loaded = time.perf_counter()
    judge(files[0])
    head = {
        "peer": peer,
        "versions": {"python": sys.version.split()[0], **versions},
        "threads": arguments.threads or "default",
        "load_ms": (loaded - started) * 1000,
        "first_picture_ms": (time.perf_counter() - loaded) * 1000,
    }

    def say(answer):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    if not arguments.serve:
        one_pass(judge, files)
        say({**head, "passes": [one_pass(judge, files) for _ in range(arguments.passes)]})
        return
    say(head)
    for line in sys.stdin:
        if line.strip() == "pass":
            say(one_pass(judge, files))
