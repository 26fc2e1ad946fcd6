"""The scripted server: Penstock's real frames, written in ways that networks write them.

It passes each request on to Penstock, reads the whole answer, and plays its bytes back. The first
part of the path names the variant; the rest is the client's own. What every parser must survive is
sse.md section 9; what Penstock never sends is not played.
"""

import http.client
import socket
import socketserver
import struct
import threading
import time
from urllib.parse import urlsplit

KEEP_ALIVE = b":\n"
HOP_BY_HOP = {"transfer-encoding", "content-length", "connection", "keep-alive", "date"}


class Wire:
    """Use as a context manager; `url(variant)` is where a client connects."""

    def __init__(self, gateway):
        self.server = _Server(("127.0.0.1", 0), _Connection)
        self.server.gateway = urlsplit(gateway)

    def url(self, variant):
        return f"http://127.0.0.1:{self.server.server_address[1]}/{variant}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        pass  # A client that has what it wants may close before the last byte.


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        head = self._head()
        if head is None:
            return
        method, path, headers = head
        body = self._body(headers)
        variant, _, rest = path.lstrip("/").partition("/")
        status, answer_headers, payload = self._ask(method, "/" + rest, headers, body)
        PLAYERS[variant](self.connection, _head_bytes(status, answer_headers), payload)

    def _head(self):
        first = self.rfile.readline().decode("latin-1").split()
        if len(first) < 3:
            return None
        headers = {}
        while (line := self.rfile.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        return first[0], first[1], headers

    def _body(self, headers):
        if headers.get("transfer-encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(headers.get("content-length", 0)))

    def _ask(self, method, path, headers, body):
        gateway = self.server.gateway
        connection = http.client.HTTPConnection(gateway.hostname, gateway.port, timeout=60)
        try:
            own = HOP_BY_HOP | {"host", "accept-encoding", "expect"}
            passed = {name: value for name, value in headers.items() if name not in own}
            connection.request(method, path, body=body or None, headers=passed)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


def _head_bytes(status, headers):
    kept = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
    kept += [("Transfer-Encoding", "chunked"), ("Connection", "close")]
    lines = [f"HTTP/1.1 {status} {http.client.responses[status]}"]
    lines += [f"{name}: {value}" for name, value in kept]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


END = _chunk(b"")


def _events(payload):
    """The events of an SSE body, each with its blank line; keep-alives are taken out."""
    whole = payload.replace(b"\n" + KEEP_ALIVE, b"\n").removeprefix(KEEP_ALIVE)
    return [event + b"\n\n" for event in whole.split(b"\n\n") if event.strip()]


def merged(connection, head, payload):
    connection.sendall(head + _chunk(payload) + END)


def single_bytes(connection, head, payload):
    connection.sendall(head)
    for at in range(len(payload)):
        connection.sendall(_chunk(payload[at : at + 1]))
    connection.sendall(END)


def odd(connection, head, payload):
    connection.sendall(head)
    for at in range(0, len(payload), 7):
        connection.sendall(_chunk(payload[at : at + 7]))
    connection.sendall(END)


def keepalives(connection, head, payload):
    connection.sendall(head + _chunk(KEEP_ALIVE) + _chunk(KEEP_ALIVE))
    for number, event in enumerate(_events(payload)):
        # As a write of its own, in one write with an event, and in two halves.
        if number % 3 == 0:
            connection.sendall(_chunk(event) + _chunk(KEEP_ALIVE))
        elif number % 3 == 1:
            connection.sendall(_chunk(KEEP_ALIVE + event))
        else:
            connection.sendall(_chunk(KEEP_ALIVE[:1]))
            connection.sendall(_chunk(KEEP_ALIVE[1:] + event))
    connection.sendall(END)


def _half(connection, head, payload):
    half = payload[: len(payload) // 2]
    connection.sendall(head + _chunk(half[: len(half) // 2]))
    time.sleep(0.3)  # The reset would else overtake what has been sent.
    connection.sendall(_chunk(half[len(half) // 2 :]))
    time.sleep(0.3)


def reset(connection, head, payload):
    _half(connection, head, payload)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closed(connection, head, payload):
    _half(connection, head, payload)


PLAYERS = {
    "merged": merged,
    "bytes": single_bytes,
    "odd": odd,
    "keepalives": keepalives,
    "reset": reset,
    "closed": closed,
}
