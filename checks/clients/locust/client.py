"""Runs the load test of ADK's tutorial and reads what Locust counted."""

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from behaviours import run, same


def load(case):
    with tempfile.TemporaryDirectory() as folder:
        given, times = Path(folder, "case"), Path(folder, "times")
        given.write_text(json.dumps(case))
        command = [sys.executable, "-m", "locust", "--headless", "--only-summary"]
        command += ["-f", Path(__file__).with_name("locustfile.py"), "--host", case["url"]]
        command += ["--users", case["users"], "--spawn-rate", case["spawned_per_second"]]
        command += ["--run-time", f"{case['seconds']}s", "--csv", folder + "/seen"]
        done = subprocess.run(
            [str(word) for word in command],
            env=os.environ | {"CASE": str(given), "TIMES": str(times)},
            capture_output=True,
            text=True,
        )
        with open(folder + "/seen_stats.csv", newline="") as file:
            rows = {row["Name"]: row for row in csv.DictReader(file)}
        measured = json.loads(times.read_text())
    if done.returncode or int(rows["Aggregated"]["Failure Count"]):
        raise AssertionError(done.stdout[-2000:] + done.stderr[-2000:])
    same(int(rows["create session"]["Request Count"]), case["users"], "sessions")
    whole, own = (statistics.median(column) for column in zip(*measured))
    return (
        f"{len(measured)} runs, 0 failures; median {whole:.1f} ms, the model server's own"
        f" {own:.1f} ms: {whole - own:.1f} ms added, {case['adds_at_most_ms']} at most are the goal"
    )


run({"locust": load})
