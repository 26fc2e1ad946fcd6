"""Hands each client program its cases, and looks at what it left behind.

A program asks `GET /behaviours` for its list and `GET /cases/{behaviour}` before each; the answer
to the latter also settles the behaviour before. One client at a time.
"""

import http.client
import json
import select
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from .behaviours import BY_NAME, MODEL, asked_of
from .stack import ROOM

FREE_WITHIN_SECONDS = 1.0
CROWD_COMES_SECONDS = 20
CROWD_STAYS_SECONDS = 2.5
REFUSED_WITHIN_SECONDS = 0.05


class Referee:
    """Use as a context manager; `url` is what a client program gets."""

    def __init__(self, world):
        self.world = world
        self.simulator = world.simulator
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def begin(self, client, only):
        """The next client; `only` names the behaviours to ask, all if it is empty."""
        self.asked = asked_of(client, only)
        self.current = None
        self.before = None
        self.remarks = {}

    def case(self, name):
        """Settles the behaviour before and prepares this one."""
        self.settle()
        behaviour = BY_NAME[name]
        case = behaviour.case(self.world)
        for fault in behaviour.faults:
            self.simulator.order(fault)
        if behaviour.crowd:
            self._crowd()
        self.current = behaviour
        self.before = self.simulator.state()
        return case

    def settle(self):
        """What the last behaviour left behind; remarks are failures."""
        behaviour, self.current = self.current, None
        if behaviour is None:
            return
        free = self._free()
        state = self.simulator.state()
        self.simulator.forget_faults()
        remarks = []
        if not free:
            remarks.append(f"the slot is still taken after {FREE_WITHIN_SECONDS:.0f} s")
        for what in ("cancels", "generations"):
            wanted = getattr(behaviour, what)
            seen = state[what] - self.before[what]
            if wanted is not None and seen != wanted:
                remarks.append(f"{seen} {what} at the model server, not {wanted}")
        self.remarks[behaviour.name] = remarks

    def _free(self):
        limit = time.monotonic() + FREE_WITHIN_SECONDS
        while self.simulator.busy() > 0:
            if time.monotonic() > limit:
                return False
            time.sleep(0.02)
        return True

    def _crowd(self):
        """Takes every slot and every place in the queue for a moment, which a refusal shows."""
        crowd = []
        limit = time.monotonic() + CROWD_COMES_SECONDS
        while (caller := _Caller(self.world.gateway)).waits():
            crowd.append(caller)
            if time.monotonic() > limit:
                raise RuntimeError(f"{len(crowd)} callers do not fill {ROOM} places")
        threading.Timer(CROWD_STAYS_SECONDS, lambda: [caller.leave() for caller in crowd]).start()


class _Caller:
    def __init__(self, gateway):
        address = urlsplit(gateway)
        self.connection = http.client.HTTPConnection(address.hostname, address.port)
        body = {
            "model": MODEL,
            "messages": [{"role": "user", "content": "[tokens=2000][rate=50] Go on."}],
            "stream": True,
        }
        headers = {"Content-Type": "application/json"}
        self.connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)

    def waits(self):
        """Whether it was let in; a refusal comes at once."""
        readable, _, _ = select.select([self.connection.sock], [], [], REFUSED_WITHIN_SECONDS)
        if not readable:
            return True
        refused = self.connection.getresponse().status == 429
        if refused:
            self.leave()
        return not refused

    def leave(self):
        self.connection.close()


def _handler(referee):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            try:
                if self.path == "/behaviours":
                    self._answer(200, referee.asked)
                else:
                    self._answer(200, referee.case(self.path.removeprefix("/cases/")))
            except Exception as e:
                with suppress(OSError):
                    self._answer(500, {"error": f"{type(e).__name__}: {e}"})

        def _answer(self, status, body):
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    return Handler
