"""The load test of ADK's tutorial: a session made by its id, then questions and health checks 4 : 1."""

import random
import uuid

from locust import HttpUser, between, task

APP = "production_agent"
QUESTIONS = (
    "What do red pandas typically eat in the wild?",
    "Can you tell me an interesting fact about snow leopards?",
    "Why are poison dart frogs so brightly colored?",
    "Where can I find the new baby kangaroo in the zoo?",
    "What is the name of your oldest gorilla?",
    "What time is the daily penguin feeding?",
)


class Visitor(HttpUser):
    wait_time = between(1, 3)

    def on_start(self):
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
        body = {
            "app_name": APP,
            "user_id": self.user_id,
            "session_id": self.session_id,
            "new_message": {"role": "user", "parts": [{"text": random.choice(QUESTIONS)}]},
        }
        with self.client.post("/run", json=body, name="/run", catch_response=True) as answer:
            if not answer.ok:
                answer.failure(f"{answer.status_code}: {answer.text[:200]}")
            elif not said(answer.json()):
                answer.failure("no event has a text")

    @task(1)
    def health(self):
        self.client.get("/health")


def said(events):
    """The text of the last event, which is never a partial one."""
    return "".join(part.get("text", "") for part in events[-1]["content"]["parts"])
