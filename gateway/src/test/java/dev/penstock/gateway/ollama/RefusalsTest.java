package dev.penstock.gateway.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of ollama-api.md section 7: status and text, and nothing asked of a model. */
@Timeout(60)
class RefusalsTest {
  private static OllamaServer server;

  @BeforeAll
  static void start() {
    server = new OllamaServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "chat | | 400 | missing request body",
        "chat | {bad | 400 | invalid character 'b' looking for beginning of object key string",
        "chat | {\"model\":\"m\" | 400 | unexpected EOF",
        "chat | [] | 400 | json: cannot unmarshal array into Go value of type api.ChatRequest",
        "chat | {\"model\":1} | 400 | json: cannot unmarshal number into Go struct field ChatRequest.model of type string",
        "chat | {\"model\":\"gemma3:4b\",\"messages\":\"hi\"} | 400 | json: cannot unmarshal string into Go struct field ChatRequest.messages of type []api.Message",
        "chat | {\"model\":\"gemma3:4b\",\"messages\":[{\"role\":\"user\",\"content\":[]}]} | 400 | json: cannot unmarshal array into Go struct field Message.content of type string",
        "chat | {\"model\":\"gemma3:4b\",\"stream\":\"no\"} | 400 | json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool",
        "chat | {\"model\":\"gemma3:4b\",\"keep_alive\":\"5 minutes\"} | 400 | time: unknown unit \" minutes\" in duration \"5 minutes\"",
        "chat | {\"model\":\"gemma3:4b\",\"think\":\"huge\"} | 400 | invalid think value: \"huge\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)",
        "chat | {} | 400 | model is required",
        "show | {} | 400 | model is required",
        "chat | {\"model\":\"nope\"} | 404 | model 'nope' not found",
        "generate | {\"model\":\"nope\"} | 404 | model 'nope' not found",
        "generate | {} | 404 | model '' not found",
        "show | {\"model\":\"nope\"} | 404 | model 'nope:latest' not found",
        "show | {\"name\":\"nope:1b\"} | 404 | model 'nope:1b' not found",
        "embed | {\"model\":\"nope\",\"input\":\"a\"} | 404 | model \"nope\" not found, try pulling it first",
        "embeddings | {\"model\":\"nope\",\"prompt\":\"a\"} | 404 | model \"nope\" not found, try pulling it first",
        "copy | {\"source\":\"nope\",\"destination\":\"x\"} | 404 | model \"nope\" not found",
        "copy | {\"source\":\"gemma3:4b\",\"destination\":\"x\"} | 403 | models are managed by the operator of this server",
        "push | {\"model\":\"gemma3:4b\"} | 403 | models are managed by the operator of this server",
        "create | {\"model\":\"x\"} | 403 | models are managed by the operator of this server",
        "pull | {\"model\":\"a b\"} | 400 | invalid model name",
        "pull | {\"model\":\"nope\",\"stream\":false} | 500 | pull model manifest: file does not exist",
        "chat | {\"model\":\"gemma3:4b\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]} | 400 | registry.ollama.ai/library/gemma3:4b does not support tools",
        "chat | {\"model\":\"gemma4\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\",\"images\":[\"iVBORw0KGgo=\"]}]} | 400 | registry.ollama.ai/library/gemma4:latest does not support vision",
        "chat | {\"model\":\"gemma3:4b\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\",\"images\":[\"data:image\"]}]} | 400 | illegal base64 data in images",
        "chat | {\"model\":\"gemma3:4b\",\"messages\":[{\"role\":\"judge\",\"content\":\"hi\"}]} | 400 | invalid role: \"judge\" (must be \"system\", \"user\", \"assistant\", or \"tool\")",
        "generate | {\"model\":\"gemma3:4b\",\"prompt\":\"a\",\"suffix\":\"b\"} | 400 | registry.ollama.ai/library/gemma3:4b does not support insert",
        "chat | {\"model\":\"gemma3:4b\",\"think\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]} | 400 | \"gemma3:4b\" does not support thinking",
        "chat | {\"model\":\"embeddinggemma\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]} | 400 | \"embeddinggemma\" does not support chat",
        "generate | {\"model\":\"embeddinggemma\",\"prompt\":\"hi\"} | 400 | \"embeddinggemma\" does not support generate",
        "generate | {\"model\":\"gemma3:4b\",\"prompt\":\"a\",\"raw\":true,\"system\":\"b\"} | 400 | raw mode does not support template, system, or context",
        "generate | {\"model\":\"gemma3:4b\",\"prompt\":\"a\",\"raw\":true} | 400 | raw mode is not supported; send the prompt without its template",
        "generate | {\"model\":\"gemma3:4b\",\"prompt\":\"a\",\"template\":\"b\"} | 400 | template is not supported; the model's own is used",
        "generate | {\"model\":\"gemma3:4b\",\"prompt\":\"a\",\"context\":[2,105]} | 400 | context must be what an answer of this server held",
        "chat | {\"model\":\"gemma3:4b\",\"top_logprobs\":21} | 400 | top_logprobs must be between 0 and 20",
        "chat | {\"model\":\"gemma3:4b\",\"options\":{\"temperature\":\"hot\"}} | 500 | option \"temperature\" must be of type float32",
        "chat | {\"model\":\"gemma3:4b\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"format\":\"xml\"} | 500 | invalid format: \"\\\"xml\\\"\"; expected \"json\" or a valid JSON Schema object",
        "embed | {\"model\":\"gemma3:4b\",\"input\":\"a\"} | 501 | This server does not support embeddings. Start it with `--embeddings`",
        "embeddings | {\"model\":\"gemma3:4b\",\"prompt\":\"a\"} | 500 | This server does not support embeddings. Start it with `--embeddings`",
        "embed | {\"model\":\"embeddinggemma\",\"input\":{}} | 400 | invalid input type",
        "embed | {\"model\":\"embeddinggemma\",\"input\":[1]} | 400 | invalid input type",
        "me | {} | 401 | unauthorized",
      })
  void answersInOllamasWords(String route, String body, int status, String text) {
    var refused = server.client.post("/api/" + route, Objects.requireNonNullElse(body, ""));

    assertThat(refused.json().path("error").asText()).isEqualTo(text);
    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.header("content-type")).isEqualTo("application/json; charset=utf-8");
    assertThat(server.proxy.unseen()).isZero();
  }

  @Test
  void deletesNothing() {
    assertThat(server.client.call("DELETE", "/api/delete", "{\"model\":\"nope\"}").status())
        .isEqualTo(404);
    assertThat(server.client.call("DELETE", "/api/delete", "{\"model\":\"gemma3:4b\"}").status())
        .isEqualTo(403);
    assertThat(server.client.post("/api/blobs/sha256:00", "x").status()).isEqualTo(403);
    assertThat(server.client.call("HEAD", "/api/blobs/sha256:00", null).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/nothing",
    "POST, /api/experimental/web_search",
    "POST, /api/signout",
    "GET, /api/chat/more"
  })
  void knowsNoOtherPath(String method, String path) {
    var refused = server.client.call(method, path, method.equals("POST") ? "{}" : null);

    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.header("content-type")).isEqualTo("text/plain");
    assertThat(refused.body()).isEqualTo("404 page not found");
  }

  @ParameterizedTest
  @CsvSource({"GET, /api/chat, POST", "POST, /api/tags, 'GET, HEAD'", "GET, /api/delete, DELETE"})
  void knowsNoOtherMethod(String method, String path, String allowed) {
    var refused = server.client.call(method, path, method.equals("POST") ? "{}" : null);

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("allow")).isEqualTo(allowed);
    assertThat(refused.body()).isEqualTo("405 method not allowed");
  }

  @Test
  void refusesALongBodyInItsForm() {
    var refused = server.client.post("/api/chat", "{\"model\":\"" + "x".repeat(1_100_000) + "\"}");

    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.json().path("error").asText()).isEqualTo("http: request body too large");
  }

  @Test
  void refusesAForeignPageInItsForm() {
    var refused = server.client.get("/api/tags", "Origin", "https://elsewhere.example");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().path("error").asText()).isNotBlank();
  }
}
