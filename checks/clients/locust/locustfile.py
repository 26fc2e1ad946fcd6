"""The load test of ADK's tutorial: a session made by its id, then questions and health checks 4 : 1.

Behind each answer the visitor asks the model server the same, past Penstock: what that takes is
the model server's own time, under the same load. CASE names the file with its address, the model
and the instruction that Penstock gives it; TIMES the file for both times of each question.
"""

import json
import os
import random
import time
import uuid
from pathlib import Path

import requests
from locust import HttpUser, between, events, task

APP = "production_agent"
QUESTIONS = (
    "What do red pandas typically eat in the wild?",
    "Can you tell me an interesting fact about snow leopards?",
    "Why are poison dart frogs so brightly colored?",
    "Where can I find the new baby kangaroo in the zoo?",
    "What is the name of your oldest gorilla?",
    "What time is the daily penguin feeding?",
)
CASE = json.loads(Path(os.environ["CASE"]).read_text())
TIMES = []


@events.quitting.add_listener
def write_times(**_):
    Path(os.environ["TIMES"]).write_text(json.dumps(TIMES))


class Visitor(HttpUser):
    wait_time = between(1, 3)

    def on_start(self):
        self.past = requests.Session()
        self.history = [{"role": "system", "content": CASE["system"]}]
        self.user_id = f"user_{uuid.uuid4()}"
        self.session_id = f"session_{uuid.uuid4()}"
        self.client.post(
            f"/apps/{APP}/users/{self.user_id}/sessions/{self.session_id}",
            headers={"Content-Type": "application/json"},
            json={"state": {"user_type": "load_test_user"}},
            name="create session",
        ).raise_for_status()

    @task(4)
    def ask(self):
        question = random.choice(QUESTIONS)
        body = {
            "app_name": APP,
            "user_id": self.user_id,
            "session_id": self.session_id,
            "new_message": {"role": "user", "parts": [{"text": question}]},
        }
        began = time.perf_counter()
        with self.client.post("/run", json=body, name="/run", catch_response=True) as answer:
            took = time.perf_counter() - began
            if not answer.ok:
                answer.failure(f"{answer.status_code}: {answer.text[:200]}")
                return
            text = said(answer.json())
            self.history.append({"role": "user", "content": question})
            own, expected = self.model_server()
            if text != expected:
                answer.failure(f"it says {text[:100]!r}, the model server {expected[:100]!r}")
        self.history.append({"role": "assistant", "content": text})
        TIMES.append((took * 1000, own * 1000))

    def model_server(self):
        """How long the model server takes by itself, and what it says."""
        asked = {"model": CASE["model"], "messages": self.history, "stream": False, "think": False}
        began = time.perf_counter()
        answer = self.past.post(CASE["model_server"] + "/api/chat", json=asked)
        took = time.perf_counter() - began
        return took, answer.json()["message"]["content"]

    @task(1)
    def health(self):
        self.client.get("/health")


def said(events):
    """The text of the last event, which is never a partial one."""
    return "".join(part.get("text", "") for part in events[-1]["content"]["parts"])
