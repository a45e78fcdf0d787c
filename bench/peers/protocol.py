"""How a Python peer is driven: arguments, commands, answers.

    python PEER.py --model FILE [--metadata FILE] [--backend NAME] [--threads N] --first PICTURE

A peer gives `load(arguments)`, which returns a function from a picture's path to a `Judged`. It judges the first
picture, prints one JSON line, then obeys one JSON line after the other until its input ends:

    {"do": "latency" | "throughput" | "scores", "pictures": [PATH, ...]}

blemish-peer.mjs speaks the same. `run.ts` drives both, in turns.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Judged:
    """One picture: milliseconds of each stage, and the decision. `score` is raw where the model gives raw values."""

    stages: dict
    score: float
    label: bool


class Stages:
    """A stopwatch: `lap(name)` gives the time since the last lap to a stage."""

    def __init__(self):
        self.times = {}
        self.last = time.perf_counter()

    def lap(self, name):
        now = time.perf_counter()
        self.times[name] = (now - self.last) * 1000
        self.last = now


def latency(judge, pictures):
    """Every picture by the clock, from its file to the decision; the median of each stage."""
    cpu, times, laps = time.process_time(), [], []
    for picture in pictures:
        started = time.perf_counter()
        laps.append(judge(picture).stages)
        times.append((time.perf_counter() - started) * 1000)
    cpu = (time.process_time() - cpu) * 1000 / len(pictures)
    stages = {name: statistics.median(lap[name] for lap in laps) for name in laps[0]}
    return {"ms": times, "stages": stages, "cpuMs": cpu}


def throughput(judge, pictures):
    """All pictures in a loop, as the peer's users do."""
    started, cpu = time.perf_counter(), time.process_time()
    for picture in pictures:
        judge(picture)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return {"seconds": seconds, "cpuMs": cpu * 1000 / len(pictures)}


def scores(judge, pictures):
    judged = [judge(picture) for picture in pictures]
    return {"scores": [one.score for one in judged], "labels": [one.label for one in judged]}


COMMANDS = {"latency": latency, "throughput": throughput, "scores": scores}


def main(load):
    """Runs a peer. `load` imports what it needs itself, so that the imports are part of the measured start."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--metadata", type=Path)
    parser.add_argument("--backend", default="")
    parser.add_argument("--threads", type=int, default=0, help="0 = the library's default")
    parser.add_argument("--first", required=True, type=Path)
    arguments = parser.parse_args()
    arguments.model, arguments.first = arguments.model.resolve(), arguments.first.resolve()
    arguments.metadata = arguments.metadata and arguments.metadata.resolve()

    # What the libraries print must not get between the lines of the protocol.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(answer):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        answers.write(json.dumps({**answer, "peakRss": peak}) + "\n")
        answers.flush()

    started = time.perf_counter()
    judge, versions = load(arguments)
    loaded = time.perf_counter()
    judge(arguments.first)
    say({
        "versions": {"python": sys.version.split()[0], **versions},
        "openMs": (loaded - started) * 1000,
        "firstMs": (time.perf_counter() - loaded) * 1000,
    })
    for line in sys.stdin:
        command = json.loads(line)
        say(COMMANDS[command["do"]](judge, [Path(picture) for picture in command["pictures"]]))
