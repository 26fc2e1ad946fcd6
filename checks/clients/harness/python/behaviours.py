"""What the Python client programs have in common."""

import json
import os
import sys
import time
import traceback
import urllib.request

REFEREE = os.environ["REFEREE_URL"]


class NotHere(Exception):
    """The library has no such thing; its text says so in the matrix."""


def get(path):
    with urllib.request.urlopen(REFEREE + path, timeout=120) as answer:
        return json.load(answer)


def run(behaviours):
    """Runs what the referee asks for: a function of the case, or the text of a reason why not."""
    for name in get("/behaviours"):
        status, detail = judge(behaviours.get(name), name)
        print(json.dumps({"behaviour": name, "status": status, "detail": detail}), flush=True)


def judge(behaviour, name):
    if behaviour is None:
        return "fail", "the client program does not have it"
    if isinstance(behaviour, str):
        return "n/a", behaviour
    case = get("/cases/" + name)
    try:
        return "ok", behaviour(case) or ""
    except NotHere as reason:
        return "n/a", str(reason)
    except Exception as e:
        traceback.print_exc(file=sys.stderr)
        return "fail", f"{type(e).__name__}: {e}"[:500]


def same(seen, expected, what="text"):
    if seen != expected:
        raise AssertionError(f"{what} is {clip(seen)}, not {clip(expected)}")


def clip(value):
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:100]}… ({len(text)} characters)"


def raises(kinds, action, says=""):
    """The exception of that kind which the action raises."""
    try:
        result = action()
    except kinds as expected:
        if says and says not in str(expected):
            raise AssertionError(f"{says!r} is not in {expected}") from expected
        return expected
    raise AssertionError(f"nothing was raised; the result is {clip(result)}")


def breaks(case, pieces, kinds):
    """A stream that yields a beginning of the answer and then raises, and never ends well."""
    seen = []
    try:
        for piece in pieces:
            seen.append(piece)
    except kinds as expected:
        text = "".join(seen)
        if not text or not case["expected"][0].startswith(text):
            raise AssertionError(f"before it broke came {clip(text)}") from expected
        return type(expected).__name__
    raise AssertionError(f"the stream ended as if it were whole, after {clip(''.join(seen))}")


def eventually(kinds, action, seconds=20):
    """Tries again while it raises one of those, as a caller without a retry of its own would."""
    limit = time.monotonic() + seconds
    while True:
        try:
            return action()
        except kinds:
            if time.monotonic() > limit:
                raise
            time.sleep(0.5)
