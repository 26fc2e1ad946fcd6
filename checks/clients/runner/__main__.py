"""See README.md beside this folder."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

from . import docs, matrix, toolchains
from .behaviours import BY_NAME, World, asked_of
from .clients import CLIENTS, NOT_YET
from .referee import Referee
from .stack import Simulator, Stack
from .wire import Wire

CLIENT_SECONDS = 180


@dataclass
class Outcome:
    status: str
    detail: str


@dataclass
class Result:
    client: object
    version: str
    outcomes: dict[str, Outcome]
    seconds: float

    @property
    def failed(self):
        return [name for name, outcome in self.outcomes.items() if outcome.status == "fail"]


def main():
    # So that what was started is stopped, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    arguments = parse()
    chosen = [
        client
        for client in CLIENTS
        if (not arguments.client or client.name in arguments.client)
        and asked_of(client, arguments.behaviour)
    ]
    programs = {}
    for client in chosen:
        began = time.monotonic()
        programs[client.name] = toolchains.install(client)
        print(f"{client.name}: {client.library} {programs[client.name].version} ({time.monotonic() - began:.0f} s)", flush=True)
    if arguments.install:
        return 0
    began = time.monotonic()
    with Stack() as stack, Wire(stack.gateway) as wire:
        with Referee(World(stack.gateway, Simulator(stack), wire)) as referee:
            results = [play(client, programs[client.name], referee, arguments) for client in chosen]
        if any(result.failed for result in results):
            for name, log in stack.logs().items():
                print(f"-- what {name} wrote last\n{log}", file=sys.stderr)
    print(f"{time.monotonic() - began:.0f} s in all; not yet: {', '.join(NOT_YET) or 'nothing'}")
    if not arguments.client and not arguments.behaviour:
        matrix.write(results)
    for result in results:
        for name in result.failed:
            print(f"FAILED {result.client.name} {name}: {result.outcomes[name].detail}")
    return 1 if any(result.failed for result in results) else 0


def parse():
    parser = argparse.ArgumentParser(prog="checks/clients/run", description="Drives official client libraries against Penstock.")
    parser.add_argument("client", nargs="*", help="clients to run; all if none is named: " + ", ".join(c.name for c in CLIENTS))
    parser.add_argument("--behaviour", action="append", default=[], choices=sorted(BY_NAME), help="only this one; may be repeated")
    parser.add_argument("--install", action="store_true", help="fetch what the clients need and stop")
    arguments = parser.parse_args()
    unknown = set(arguments.client) - {c.name for c in CLIENTS}
    if unknown:
        parser.error("unknown: " + ", ".join(sorted(unknown)))
    return arguments


def play(client, program, referee, arguments):
    """Runs one client program to its end."""
    referee.begin(client, arguments.behaviour)
    print(f"\n== {client.name}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            program.command,
            env=os.environ | program.environment | {"REFEREE_URL": referee.url},
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        limit = threading.Timer(CLIENT_SECONDS, process.kill)
        limit.start()
        try:
            outcomes = listen(process.stdout)
            code = process.wait()
        finally:
            limit.cancel()
            process.kill()
        referee.settle()
        missing = [name for name in referee.asked if name not in outcomes]
        for name in missing:
            outcomes[name] = Outcome("fail", f"the client program ended with {code} before it")
        for name, remarks in referee.remarks.items():
            if remarks:
                print(f"  fail  {name}: {'; '.join(remarks)}", flush=True)
                outcomes[name] = Outcome("fail", "; ".join(remarks))
        if client.documented and not arguments.behaviour:
            wrong = docs.judge(client, program, referee.world)
            outcomes[docs.NAME] = Outcome("fail" if wrong else "ok", wrong)
            print(f"  {outcomes[docs.NAME].status:5} {docs.NAME} {wrong}", flush=True)
        result = Result(client, program.version, outcomes, time.monotonic() - began)
        if result.failed:
            errors.seek(0)
            print(errors.read()[-12000:], file=sys.stderr)
    return result


def listen(lines):
    """What the program says of each behaviour, as it says it."""
    outcomes = {}
    last = time.monotonic()
    for line in lines:
        try:
            told = json.loads(line)
            outcome = Outcome(told["status"], told.get("detail", ""))
            outcomes[told["behaviour"]] = outcome
        except (ValueError, KeyError, TypeError):
            print("  " + line.rstrip())
            continue
        now = time.monotonic()
        print(f"  {outcome.status:5} {told['behaviour']} ({now - last:.1f} s) {outcome.detail}", flush=True)
        last = now
    return outcomes


sys.exit(main())
