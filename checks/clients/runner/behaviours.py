"""What is asked of every client: the case it gets, the faults in force, what must be left behind.

A case is a JSON object with the members that its client program needs:

    url         where to connect; Penstock itself, or the scripted server of the wire variants
    model       to ask; big is the prompt that no context holds
    system      instruction, where there is one
    prompts     what the user says, one after the other
    expected    what the model must say to each, character for character
    finish      stop or length
    usage       tokens of the prompt and of the answer, as the model server counts them
    and stop, max_tokens, tool, image, schema, texts, embeddings, timeout_ms, leave_after
"""

import base64
import re
import struct
import textwrap
import zlib
from dataclasses import dataclass
from typing import Callable

from .clients import NOT_YET
from .stack import ROOT

MODEL = "gemma3:4b"
TOOL_MODEL = "gemma4:e2b"
EMBEDDING_MODEL = "embeddinggemma:300m"
AGENTS = ROOT / "gateway/src/main/resources/dev/penstock/gateway/agent/agents.yaml"

UNICODE = (
    "Grüße, 日本語, العربية, हिन्दी, 한국어, 👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301, zero\u200bwidth,"
    " line\u2028paragraph\u2029next\u0085line, \u00a0 quotes \"'`, back\\slash, <tag> & {\"json\": [1}, tab\tend\n\n"
    "```\nint f() { return '}'; }\n```\n— fin 🦩"
)
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "people": {"type": "integer"}},
    "required": ["city", "people"],
    "additionalProperties": False,
}
TOOL = {
    "name": "weather",
    "description": "Tells the weather of a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The city's name"}},
        "required": ["city"],
    },
    "result": '{"degrees":21,"sky":"clear"}',
}


@dataclass(frozen=True)
class Behaviour:
    """One row of the matrix.

    `case` makes what the client is told; `faults` are in force while it runs, each once unless it
    says otherwise; `cancels` is how many generations it must have left; `generations` how many it
    must have begun, retries included; `dialects` who has it.
    """

    name: str
    says: str
    case: Callable[["World"], dict]
    faults: tuple[dict, ...] = ()
    cancels: int | None = None
    generations: int | None = None
    dialects: frozenset[str] = frozenset({"openai", "gemini", "ollama"})
    crowd: bool = False


class World:
    """Where the behaviours take their cases from."""

    def __init__(self, gateway, simulator, wire):
        self.gateway = gateway
        self.simulator = simulator
        self.wire = wire

    def asked(self, *prompts, system=None, model=MODEL, url=None, image=None, **options):
        """A conversation of those prompts, each answered as the model server answers it."""
        history = [{"role": "system", "content": system}] if system else []
        expected, answer = [], {}
        for prompt in prompts:
            said = {"role": "user", "content": prompt}
            history.append(said | ({"images": [image]} if image else {}))
            answer = self.simulator.chat(model, history, **options)
            history.append(answer["message"])
            expected.append(answer["message"]["content"])
        return {
            "url": url or self.gateway,
            "model": model,
            "system": system,
            "prompts": list(prompts),
            "expected": expected,
            "finish": answer["done_reason"],
            "usage": {"input": answer["prompt_eval_count"], "output": answer["eval_count"]},
        }


def happy(world):
    return world.asked("What does a penstock do?")


def multi_turn(world):
    return world.asked("What is a penstock?", "And what is a turbine?", "Which comes first?")


def system(world):
    return world.asked("Where do red pandas live?", system="You are Gem, a zoo guide.")


def stop(world):
    said = "One river, two rivers HALT three rivers"
    case = world.asked("[say]" + said, options={"stop": ["HALT", "never"]})
    assert case["expected"] == ["One river, two rivers "], case
    return case | {"stop": ["HALT", "never"]}


def length(world):
    case = world.asked("[tokens=200] Go on and on.", options={"num_predict": 20})
    assert case["finish"] == "length", case
    return case | {"max_tokens": 20}


def unicode(world):
    case = world.asked("[say]" + UNICODE)
    assert case["expected"] == [UNICODE], case
    return case


def large_input(world):
    return world.asked("[tokens=50] " + "All the water of the river goes on. " * 9000)


def tools(world):
    first = {"role": "user", "content": "What is the weather in Lima?"}
    declared = {k: TOOL[k] for k in ("name", "description", "parameters")}
    offered = [{"type": "function", "function": declared}]
    call = world.simulator.chat(TOOL_MODEL, [first], tools=offered)["message"]
    result = {"role": "tool", "tool_name": TOOL["name"], "content": TOOL["result"]}
    final = world.simulator.chat(TOOL_MODEL, [first, call, result], tools=offered)
    return {
        "url": world.gateway,
        "model": TOOL_MODEL,
        "system": None,
        "prompts": [first["content"]],
        "tool": TOOL,
        "arguments": call["tool_calls"][0]["function"]["arguments"],
        "expected": [final["message"]["content"]],
    }


def structured(world):
    return world.asked("Tell me of a city.", format=SCHEMA) | {"schema": SCHEMA}


def picture():
    """A red PNG of two by two pixels."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff\0\0" * 2) * 2)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


def images(world):
    image = picture()
    return world.asked("What do you see?", image=image) | {"image": image}


def embeddings(world):
    texts = ["water", "a turbine", "naïve 🦩"]
    vectors = world.simulator.embed(EMBEDDING_MODEL, texts)["embeddings"]
    return {
        "url": world.gateway,
        "model": EMBEDDING_MODEL,
        "texts": texts,
        "embeddings": vectors,
    }


def bare_prompt(world):
    answer = world.simulator.prompt(MODEL, "Once upon a time")
    return {
        "url": world.gateway,
        "model": MODEL,
        "prompts": ["Once upon a time"],
        "expected": [answer["response"]],
        "usage": {"input": answer["prompt_eval_count"], "output": answer["eval_count"]},
        "max_tokens": 4000,
        "finish": "stop",
    }


def unknown_model(world):
    return happy(world) | {"model": "gemma-nope:1b"}


def too_long(world):
    return happy(world) | {"prompts": ["All the water of the river goes on. " * 18000]}


def too_large(world):
    return happy(world) | {"prompts": ["All the water of the river goes on. " * 40000]}


def long_answer(world):
    prompt = "[tokens=2000][rate=50] Tell me everything."
    begun = world.simulator.chat(
        MODEL, [{"role": "user", "content": prompt}], options={"num_predict": 5}
    )
    return {
        "url": world.gateway,
        "model": MODEL,
        "system": None,
        "prompts": [prompt],
        "begins": begun["message"]["content"],
    }


def hasty(world):
    """For a client that gives up after `timeout_ms`, and asks again by itself."""
    return happy(world) | {"timeout_ms": 1500}


def broken(world):
    """A text that breaks off behind its first twelve tokens, slow enough to be seen before."""
    return world.asked("[tokens=40][rate=100] Tell me everything.")


def kept(world):
    """Three turns; what is said of the first two is given along, of the third it is looked up."""
    return world.asked("What is a penstock?", "And what is a turbine?", "Which comes first?")


def resumed(world):
    """Slow enough to be left in its middle."""
    return world.asked("[tokens=60][rate=60] Tell me everything.") | {"leave_after": 12}


def background(world):
    """One that is waited for, and one to cancel."""
    short = world.asked("[tokens=40][rate=100] Tell me everything.")
    return short | {"prompts": [*short["prompts"], *long_answer(world)["prompts"]]}


def wire(variant):
    return lambda world: world.asked("[say]" + UNICODE, url=world.wire.url(variant))


def broken_wire(variant):
    said = "[say]The water goes on and on and on. " + UNICODE
    return lambda world: world.asked(said, url=world.wire.url(variant))


def instruction():
    """What the agent of the load test tells its model."""
    written = re.search(r"instruction: \|\n(.*?)    options:", AGENTS.read_text(), re.DOTALL)
    return textwrap.dedent(written[1])


def load(world):
    return {
        "url": world.gateway,
        "model_server": world.simulator.url,
        "model": MODEL,
        "system": instruction(),
        "users": 20,
        "spawned_per_second": 5,
        "seconds": 60,
        "adds_at_most_ms": 5,
    }


def fault(kind, **more):
    return ({"kind": kind, "requests": 1, **more},)


ADK = frozenset({"adk"})
OPENAI = frozenset({"openai"})
GEMINI = frozenset({"gemini"})
OLLAMA = frozenset({"ollama"})

ALL = (
    Behaviour("happy", "the whole answer, its finish and its usage", happy),
    Behaviour("stream", "the same in pieces", happy),
    Behaviour("multi-turn", "three turns, the history sent along", multi_turn),
    Behaviour("system", "an instruction reaches the model", system),
    Behaviour("stop", "a stop string ends the answer and is not in it", stop),
    Behaviour("length", "a bound on tokens ends the answer and says so", length),
    Behaviour("unicode", "every character arrives, streamed", unicode),
    Behaviour("tools", "a function is called, its result answered", tools),
    Behaviour("structured", "an answer of a JSON schema", structured),
    Behaviour("images", "a picture is seen", images),
    Behaviour("embeddings", "vectors, by the library's default encoding", embeddings, dialects=OPENAI | OLLAMA),
    Behaviour("completions", "a bare prompt: completions, generate", bare_prompt, dialects=OPENAI | OLLAMA),
    Behaviour("responses", "an unstored response, whole and streamed", happy, dialects=OPENAI),
    Behaviour(
        "responses-stored",
        "retrieved, gone on from by previous_response_id, its input listed by pages, deleted",
        kept,
        generations=2,
        dialects=OPENAI,
    ),
    Behaviour(
        "responses-resume",
        "left in its middle, gone on with by starting_after: no event twice, none missing",
        resumed,
        cancels=0,
        generations=1,
        dialects=OPENAI,
    ),
    Behaviour(
        "responses-background",
        "polled to its end; another left, and cancelled twice",
        background,
        cancels=1,
        generations=2,
        dialects=OPENAI,
    ),
    Behaviour(
        "conversations",
        "made with items, answered in, listed both ways by pages, an item shown and deleted",
        kept,
        generations=2,
        dialects=OPENAI,
    ),
    Behaviour("count", "tokens of a prompt are counted", happy, dialects=GEMINI),
    Behaviour("models", "models are listed, one is shown", happy),
    Behaviour("large-input", "320 kB of prompt", large_input),
    Behaviour("unknown-model", "404 as the library's own exception", unknown_model, generations=0),
    Behaviour("bad-request", "400 as the library's own exception", happy, generations=0),
    Behaviour("too-long", "a prompt over the context is refused, not cut", too_long),
    Behaviour("too-large", "a body over the limit is refused", too_large, generations=0),
    Behaviour("abort", "leaving a stream frees the slot within 1 s", long_answer, cancels=1),
    Behaviour("abort-whole", "leaving an answer in one piece does too", long_answer, cancels=1),
    Behaviour(
        "timeout-retry",
        "a silent server: the library gives up, and asks again where it does so by itself",
        hasty,
        fault("hang", for_ms=30_000),
        cancels=1,
        generations=2,
    ),
    Behaviour("slow-start", "2.5 s of silence, five keep-alives long", happy, fault("hang", for_ms=2500)),
    Behaviour("queue-full", "429, then success where the library retries", happy, crowd=True),
    Behaviour("midstream-error", "the model server fails in mid-answer: raised", broken, fault("error", after_tokens=12)),
    Behaviour("truncation", "the model server stops without an end: raised", broken, fault("missing_end", after_tokens=12)),
    Behaviour("reset", "the model server's connection breaks: raised", broken, fault("cut", after_tokens=12)),
    Behaviour("wire-merged", "all frames in one write", wire("merged")),
    Behaviour("wire-bytes", "every byte a write of its own", wire("bytes")),
    Behaviour("wire-odd", "writes of seven bytes", wire("odd")),
    Behaviour("wire-keep-alives", "keep-alives before, between and after events", wire("keepalives"), dialects=OPENAI),
    Behaviour("wire-reset", "our connection is reset in mid-answer: raised", broken_wire("reset")),
    Behaviour("wire-closed", "our connection closes without its last chunk: raised", broken_wire("closed")),
    Behaviour("locust", "the load test of ADK's tutorial: 20 users, 60 s, no failure; what it adds to the model server's own time", load, dialects=ADK),
)
BY_NAME = {behaviour.name: behaviour for behaviour in ALL}


def asked_of(client, only=()):
    """The behaviours to ask of a client: those named, or all that its dialect has by now."""
    return [
        behaviour.name
        for behaviour in ALL
        if client.dialect in behaviour.dialects
        and (behaviour.name in only if only else behaviour.name not in NOT_YET)
    ]
