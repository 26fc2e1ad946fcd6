"""Runs the load test of ADK's tutorial and reads what Locust counted."""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from behaviours import run, same


def load(case):
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "locust", "--headless", "--only-summary"]
        command += ["-f", Path(__file__).with_name("locustfile.py"), "--host", case["url"]]
        command += ["--users", case["users"], "--spawn-rate", case["spawned_per_second"]]
        command += ["--run-time", f"{case['seconds']}s", "--csv", folder + "/seen"]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        with open(folder + "/seen_stats.csv", newline="") as file:
            rows = {row["Name"]: row for row in csv.DictReader(file)}
    counted = rows["Aggregated"]
    if done.returncode or int(counted["Failure Count"]):
        raise AssertionError(done.stdout[-2000:] + done.stderr[-2000:])
    same(int(rows["create session"]["Request Count"]), case["users"], "sessions")
    return f"{rows['/run']['Request Count']} runs, median {rows['/run']['50%']} ms, 0 failures"


run({"locust": load})
