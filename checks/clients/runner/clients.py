"""The clients that are run, and the one list of what cannot run yet."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Client:
    """A folder of this name with the program; `library` is what its version is looked up by, and
    `documented` whether it has a page in docs/clients."""

    name: str
    dialect: str
    language: str
    library: str
    documented: bool = True

    @property
    def folder(self):
        return HERE / self.name


CLIENTS = (
    Client("openai-python", "openai", "python", "openai"),
    Client("google-genai-python", "gemini", "python", "google-genai"),
    Client("ollama-python", "ollama", "python", "ollama"),
    Client("openai-node", "openai", "node", "openai"),
    Client("google-genai-node", "gemini", "node", "@google/genai"),
    Client("ollama-js", "ollama", "node", "ollama"),
    Client("langchain-openai", "openai", "python", "langchain-openai"),
    Client("vercel-ai", "openai", "node", "ai"),
    Client("litellm", "openai", "python", "litellm"),
    Client("openai-go", "openai", "go", "github.com/openai/openai-go/v3"),
    Client("openai-java", "openai", "java", "openai-java"),
    Client("google-genai-go", "gemini", "go", "google.golang.org/genai"),
    Client("google-genai-java", "gemini", "java", "google-genai"),
    Client("curl", "openai", "shell", "curl"),
    Client("locust", "adk", "python", "locust", documented=False),
)

# Behaviours that wait for a part of Penstock, and which. One that is written runs once its line is
# gone; the others are written then, as entries of behaviours.py and of the client programs.
NOT_YET = {}
