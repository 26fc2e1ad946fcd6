"""One real Penstock with the simulator behind it, as two processes on free ports."""

import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 300
STOP_SECONDS = 20

# Room for the load test's 20 users, and little enough that a crowd can fill it.
SLOTS = 4
QUEUE_PER_SLOT = 5
ROOM = SLOTS * (1 + QUEUE_PER_SLOT)

SIMULATOR = {
    "SIMULATOR_MODELS": "gemma3:270m,gemma3:4b,gemma4:e2b,embeddinggemma:300m",
    "SIMULATOR_LOAD_MS": "0",
    "SIMULATOR_PREFILL_TOKENS_PER_SECOND": "0",
    "SIMULATOR_TOKENS_PER_SECOND": "2000",
    "OLLAMA_CONTEXT_LENGTH": "131072",
}

# A silence of 2.5 s is then what one of 30 s is in production: many keep-alives long.
GATEWAY = {
    "PENSTOCK_STATELESS_KEEP_ALIVE_MS": "500",
    "PENSTOCK_QUEUE_PER_SLOT": str(QUEUE_PER_SLOT),
    "GEMMA_MODEL_NAME": "gemma3:4b",
}


class Stack:
    """Use as a context manager; `gateway` and `simulator` are URLs."""

    def __init__(self):
        self.processes = []
        self.folder = tempfile.TemporaryDirectory(prefix="penstock-clients-")

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        port, control = free_port(), free_port()
        self.simulator = f"http://127.0.0.1:{port}"
        self.control = f"http://127.0.0.1:{control}"
        shared = {"OLLAMA_NUM_PARALLEL": str(SLOTS)}
        self._launch(
            ["simulator", "--port", str(port)],
            shared | SIMULATOR | {"SIMULATOR_CONTROL_PORT": str(control)},
            "simulator",
        )
        self._wait("the simulator", lambda: answers(self.simulator + "/api/version"))
        log = self._launch(
            ["--port", "0", "--data", self.folder.name + "/data"],
            shared | GATEWAY | {"OLLAMA_URL": self.simulator},
            "penstock",
        )

        def ready():
            told = re.search(r"Penstock is ready: (http://\S+)", log.read_text())
            self.gateway = told and told[1].replace("localhost", "127.0.0.1")
            return bool(told)

        self._wait("Penstock", ready)

    def _launch(self, arguments, settings, name):
        log = Path(self.folder.name, name + ".log")
        ours = ("PENSTOCK_", "SIMULATOR_", "OLLAMA_")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        with log.open("w") as out:
            process = subprocess.Popen(
                [ROOT / "penstock", *arguments],
                env=environment | settings,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self.processes.append((process, log))
        return log

    def _wait(self, what, is_ready):
        limit = time.monotonic() + START_SECONDS
        while not is_ready():
            process, log = self.processes[-1]
            if process.poll() is not None or time.monotonic() > limit:
                raise SystemExit(f"{what} did not start; it said:\n{log.read_text()[-4000:]}")
            time.sleep(0.1)

    def logs(self):
        """The last lines each process wrote."""
        return {log.stem: log.read_text()[-4000:] for _, log in self.processes}

    def __exit__(self, *_):
        for process, _ in reversed(self.processes):
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.folder.cleanup()


class Simulator:
    """The simulator's own API, past Penstock: the oracle of every answer, and its control port."""

    def __init__(self, stack):
        self.url = stack.simulator
        self.control = stack.control

    def chat(self, model, messages, **more):
        """What the model says to exactly these messages."""
        return call(
            self.url + "/api/chat",
            {"model": model, "messages": messages, "stream": False, "think": False} | more,
        )

    def embed(self, model, texts):
        return call(self.url + "/api/embed", {"model": model, "input": texts})

    def prompt(self, model, text):
        """What the model says to a bare prompt, and how long it finds it."""
        return call(self.url + "/api/generate", {"model": model, "prompt": text, "stream": False})

    def order(self, fault):
        call(self.control + "/faults", fault)

    def state(self):
        return call(self.control + "/state")

    def forget_faults(self):
        call(self.control + "/faults", method="DELETE")

    def busy(self):
        """How many generations hold a slot or wait for one."""
        return sum(m["slots_in_use"] + m["waiting"] for m in self.state()["models"])


def call(url, body=None, method=None):
    """JSON there and back; an HTTP error is an exception with the body in its text."""
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as refused:
        raise RuntimeError(f"{url}: {refused.code} {refused.read().decode()}") from refused


def answers(url):
    with suppress(OSError), urllib.request.urlopen(url, timeout=1) as answer:
        return answer.status == 200
    return False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
