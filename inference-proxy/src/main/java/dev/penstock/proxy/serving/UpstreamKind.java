package dev.penstock.proxy.serving;

/** What a model server speaks; the words of {@code kind} are these names in lower case. */
public enum UpstreamKind {
  /** Ollama's own {@code /api/chat}. */
  OLLAMA,
  /** OpenAI's chat completions, as vLLM and llama-server have them. */
  OPENAI,
  /** The Gemini API with a key. */
  GEMINI,
  /** The Gemini API through Vertex, with the machine's identity. */
  VERTEX,
  /** A plain vLLM {@code POST /generate}. */
  GENERATE
}
