package dev.penstock.simulator.http;

import static dev.penstock.simulator.http.Simulator.message;
import static dev.penstock.simulator.http.Simulator.model;
import static dev.penstock.simulator.http.Simulator.question;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads, bodies and refusals of ollama-api.md sections 2, 3, 7, 8 and 9. */
class RoutesTest {
  private static Simulator ollama;

  @BeforeAll
  static void start() {
    ollama =
        Simulator.with(
            "OLLAMA_CONTEXT_LENGTH=1000",
            "SIMULATOR_MODELS=gemma3:270m,gemma3:4b,gemma4:e2b,embeddinggemma:300m");
  }

  @AfterAll
  static void stop() {
    ollama.close();
  }

  @Test
  void saysThatItIsRunning() {
    try (var root = ollama.get("/")) {
      assertThat(root.head())
          .startsWith("HTTP/1.1 200 OK", "Content-Type: text/plain; charset=utf-8");
      assertThat(root.body()).isEqualTo("Ollama is running");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/version", "/api/tags"})
  void answersHeadWithTheLengthAndNoBody(String path) {
    try (var head = request("HEAD", path, "Connection: close\r\n")) {
      assertThat(head.statusLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(head.header("content-length")).isPresent();
      assertThat(head.end()).isEqualTo("fin");
    }
  }

  @Test
  void tellsTheVersionItImitates() {
    try (var version = ollama.get("/api/version")) {
      assertThat(version.header("content-type")).hasValue("application/json; charset=utf-8");
      assertThat(version.body()).isEqualTo("{\"version\":\"0.32.15\"}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/nope,404 Not Found,404 page not found,",
    "POST,/v1/models/x,404 Not Found,404 page not found,",
    "GET,/api/chat,405 Method Not Allowed,405 method not allowed,POST",
    "DELETE,/api/tags,405 Method Not Allowed,405 method not allowed,'GET, HEAD'"
  })
  void refusesUnknownRoutesAndMethodsInPlainText(
      String method, String path, String status, String text, String allow) {
    try (var answer = request(method, path, "")) {
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 " + status);
      assertThat(answer.header("content-type")).hasValue("text/plain");
      assertThat(answer.header("allow").orElse(null)).isEqualTo(allow);
      assertThat(answer.body()).isEqualTo(text);
    }
  }

  @Test
  void listsTheInstalledModels() {
    try (var tags = ollama.get("/api/tags")) {
      var models = new JsonObject(tags.body()).getJsonArray("models");

      assertThat(models)
          .extracting(model -> ((JsonObject) model).getString("name"))
          .containsExactly("gemma3:270m", "gemma3:4b", "gemma4:e2b", "embeddinggemma:300m");
      var gemma = models.getJsonObject(1);
      assertThat(gemma.fieldNames())
          .containsExactly(
              "name", "model", "modified_at", "size", "digest", "details", "capabilities");
      assertThat(gemma.getString("digest")).matches("[0-9a-f]{64}");
      assertThat(gemma.getJsonObject("details").getInteger("context_length")).isEqualTo(131072);
      assertThat(gemma.getJsonArray("capabilities")).containsExactly("completion", "vision");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"model\":\"gemma3:4b\"}", "{\"name\":\"GEMMA3:4B\"}"})
  void showsAModel(String body) {
    try (var show = ollama.post("/api/show", body)) {
      var shown = new JsonObject(show.body());

      assertThat(shown.getJsonObject("model_info").getString("general.architecture"))
          .isEqualTo("gemma3");
      assertThat(shown.getJsonObject("model_info").getInteger("gemma3.context_length"))
          .isEqualTo(131072);
      assertThat(shown.getJsonArray("tensors")).isEmpty();
      assertThat(shown.getJsonArray("capabilities")).contains("completion");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/api/chat||400|missing request body",
        "/api/chat|{bad}|400|invalid character 'b' looking for beginning of object key string",
        "/api/chat|{\"model\":1}|400|json: cannot unmarshal number into Go struct field ChatRequest.model of type string",
        "/api/chat|{\"model\":\"gemma3:4b\",\"messages\":\"x\"}|400|json: cannot unmarshal string into Go struct field ChatRequest.messages of type []api.Message",
        "/api/chat|{\"keep_alive\":\"5 minutes\"}|400|time: unknown unit \" minutes\" in duration \"5 minutes\"",
        "/api/chat|{\"think\":\"huge\"}|400|invalid think value: \"huge\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)",
        "/api/chat|{\"messages\":[]}|400|model is required",
        "/api/show|{}|400|model is required",
        "/api/chat|{\"model\":\"nope\"}|404|model 'nope' not found",
        "/api/generate|{\"model\":\"\"}|404|model '' not found",
        "/api/show|{\"model\":\"nope\"}|404|model 'nope:latest' not found",
        "/api/chat|{\"model\":\"gemma3:4b\",\"tools\":[{}]}|400|registry.ollama.ai/library/gemma3:4b does not support tools",
        "/api/generate|{\"model\":\"gemma3:4b\",\"prompt\":\"x\",\"suffix\":\"y\"}|400|registry.ollama.ai/library/gemma3:4b does not support insert",
        "/api/chat|{\"model\":\"gemma3:4b\",\"think\":true}|400|\"gemma3:4b\" does not support thinking",
        "/api/generate|{\"model\":\"gemma3:4b\",\"raw\":true,\"prompt\":\"x\",\"system\":\"y\"}|400|raw mode does not support template, system, or context",
        "/api/chat|{\"model\":\"gemma3:4b\",\"format\":\"xml\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}|500|invalid format: \"\\\"xml\\\"\"; expected \"json\" or a valid JSON Schema object",
        "/api/chat|{\"model\":\"gemma3:270m\",\"messages\":[{\"role\":\"user\",\"images\":[\"aGk=\"]}]}|400|this model is missing data required for image input",
        "/api/chat|{\"model\":\"gemma3:4b\",\"messages\":[{\"role\":\"user\",\"images\":[\"?\"]}]}|400|illegal base64 data at input byte 0",
        "/api/chat|{\"model\":\"embeddinggemma:300m\"}|400|\"embeddinggemma:300m\" does not support chat",
        "/api/generate|{\"model\":\"embeddinggemma:300m\"}|400|\"embeddinggemma:300m\" does not support generate",
        "/api/embed|{\"model\":\"nope\",\"input\":\"a\"}|404|model \"nope\" not found, try pulling it first",
        "/api/embed|{\"model\":\"gemma3:4b\",\"input\":\"a\"}|501|This server does not support embeddings. Start it with `--embeddings`",
        "/api/embed|{\"model\":\"embeddinggemma:300m\",\"input\":7}|400|invalid input type",
        "/api/embed|{\"model\":\"embeddinggemma:300m\",\"input\":[\"a\",7]}|400|invalid input type",
        "/api/chat|{\"model\":\"gemma3:4b\",\"top_logprobs\":21}|400|top_logprobs must be between 0 and 20",
        "/api/chat|{\"model\":\"gemma3:4b\",\"options\":{\"temperature\":\"hot\"}}|500|option \"temperature\" must be of type float32",
        "/api/chat|{\"model\":\"nope\",\"options\":{\"temperature\":\"hot\"}}|404|model 'nope' not found"
      })
  void refusesInOllamasWords(String path, String body, int status, String error) {
    try (var answer = ollama.post(path, body == null ? "" : body)) {
      assertThat(answer.statusLine()).startsWith("HTTP/1.1 " + status);
      assertThat(answer.header("content-type")).hasValue("application/json; charset=utf-8");
      assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(error);
    }
  }

  /** Found only after the stream has been set up: hence chunked, and without a charset. */
  @Test
  void refusesAPromptThatIsTooLongAndMayNotBeCut() {
    var request =
        question("long ".repeat(1000)).put("truncate", false).put("shift", false).encode();
    try (var answer = ollama.post("/api/chat", request)) {
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 400 Bad Request");
      assertThat(answer.header("content-type")).hasValue("application/json");
      assertThat(answer.header("transfer-encoding")).hasValue("chunked");
      assertThat(new JsonObject(answer.body()).getString("error"))
          .startsWith("the prompt is longer than the context length");
    }
  }

  @Test
  void cutsAPromptThatIsTooLongSilently() {
    try (var answer =
        ollama.post("/api/chat", question("long ".repeat(1000)).put("stream", false).encode())) {
      assertThat(new JsonObject(answer.body()).getInteger("prompt_eval_count")).isEqualTo(1000);
    }
  }

  @Test
  void loadsAndUnloadsWithoutMetrics() {
    var model = new JsonObject().put("model", "gemma3:270m");
    try (var loaded = ollama.post("/api/chat", model.encode());
        var unloaded = ollama.post("/api/generate", model.copy().put("keep_alive", 0).encode())) {
      assertThat(loaded.body())
          .startsWith("{\"model\":\"gemma3:270m\",\"created_at\":")
          .endsWith(
              "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,"
                  + "\"done_reason\":\"load\"}");
      assertThat(unloaded.body())
          .endsWith("\"response\":\"\",\"done\":true,\"done_reason\":\"unload\"}");
    }
  }

  @Test
  void listsLoadedModelsUntilTheyAreUnloaded() {
    try (var own = Simulator.with();
        var loaded = own.post("/api/chat", "{\"model\":\"gemma3:4b\",\"keep_alive\":\"1h\"}")) {
      assertThat(loaded.body()).contains("\"load\"");

      var gemma = model(psOf(own));
      assertThat(gemma.getString("model")).isEqualTo("gemma3:4b");
      assertThat(gemma.getInteger("context_length")).isEqualTo(32_768);
      assertThat(gemma.getLong("size_vram")).isEqualTo(gemma.getLong("size"));
      assertThat(Duration.between(Instant.now(), Instant.parse(gemma.getString("expires_at"))))
          .isBetween(Duration.ofMinutes(58), Duration.ofMinutes(61));

      own.post("/api/chat", "{\"model\":\"gemma3:4b\",\"keep_alive\":0}").body();
      assertThat(psOf(own).getJsonArray("models")).isEmpty();
    }
  }

  @Test
  void unloadsAModelWhoseTimeHasCome() {
    try (var own = Simulator.with();
        var chat = own.post("/api/chat", question("x").put("keep_alive", 0.05).encode())) {
      chat.chunks();

      own.await("it is unloaded", state -> state.getJsonArray("models").isEmpty());
    }
  }

  @Test
  void keepsAModelForEver() {
    try (var own = Simulator.with("OLLAMA_KEEP_ALIVE=-1");
        var chat = own.chat("x")) {
      chat.chunks();

      var expires = Instant.parse(model(psOf(own)).getString("expires_at"));
      assertThat(expires).isAfter(Instant.now().plus(Duration.ofDays(365L * 290)));
    }
  }

  /** T-24's probe. */
  @ParameterizedTest
  @CsvSource({
    "gemma3:270m,true",
    "gemma3:4b,true",
    "gemma4:e2b,false",
  })
  void rendersAPromptThatTellsWhetherTheModelContinues(String model, boolean continues) {
    var probe =
        new JsonObject()
            .put("model", model)
            .put("_debug_render_only", true)
            .put(
                "messages",
                new JsonArray().add(message("user", "hi")).add(message("assistant", "MARKER-7")));
    try (var answer = ollama.post("/api/chat", probe.encode())) {
      var prompt =
          new JsonObject(answer.body()).getJsonObject("_debug_info").getString("rendered_template");

      assertThat(prompt).contains("MARKER-7");
      assertThat(prompt.endsWith("MARKER-7")).isEqualTo(continues);
    }
  }

  @Test
  void rendersAConversationAsGemma3ReadsIt() {
    var probe =
        question("hi")
            .put("_debug_render_only", true)
            .put(
                "messages",
                new JsonArray()
                    .add(message("user", "a"))
                    .add(message("assistant", "b"))
                    .add(message("user", "c")));
    try (var answer = ollama.post("/api/chat", probe.encode())) {
      assertThat(
              new JsonObject(answer.body())
                  .getJsonObject("_debug_info")
                  .getString("rendered_template"))
          .isEqualTo(
              """
              <start_of_turn>user
              a<end_of_turn>
              <start_of_turn>model
              b<end_of_turn>
              <start_of_turn>user
              c<end_of_turn>
              <start_of_turn>model
              """);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://localhost.evil.example:80", "//"})
  void forbidsPagesOfOtherOrigins(String origin) {
    try (var answer = request("GET", "/api/tags", "Origin: " + origin + "\r\n")) {
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 403 Forbidden");
      assertThat(answer.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost",
        "https://localhost:3000",
        "http://127.0.0.1:8080",
        "app://x",
        "file://",
        "vscode-webview://abc"
      })
  void servesPagesOfThisMachine(String origin) {
    try (var answer = request("GET", "/api/version", "Origin: " + origin + "\r\n");
        var preflight = request("OPTIONS", "/api/chat", "Origin: " + origin + "\r\n")) {
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(answer.header("access-control-allow-origin")).hasValue(origin);
      assertThat(preflight.statusLine()).isEqualTo("HTTP/1.1 204 No Content");
      assertThat(preflight.header("access-control-max-age")).hasValue("43200");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example,403",
    "localhost,200",
    "127.0.0.1:1,200",
    "[::1]:1,200",
    "10.1.2.3,200",
    "8.8.8.8,403",
    "ollama.internal,200"
  })
  void goesByLocalNamesOnlyOnLoopback(String host, int status) {
    try (var answer = RawAnswer.to(ollama.port(), "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")) {
      assertThat(answer.statusLine()).startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void speaksNoHttp2() {
    var upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n";
    try (var answer = request("GET", "/api/version", upgrade)) {
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(answer.body()).contains("0.32.15");
    }
  }

  @Test
  void refusesABodyPastTheBound() {
    try (var small = Simulator.with("SIMULATOR_MAX_BODY_BYTES=100");
        var answer = small.chat("x".repeat(200))) {
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 400 Bad Request");
      assertThat(answer.body()).isEqualTo("{\"error\":\"http: request body too large\"}");
    }
  }

  private static JsonObject psOf(Simulator simulator) {
    try (var ps = simulator.get("/api/ps")) {
      return new JsonObject(ps.body());
    }
  }

  private static RawAnswer request(String method, String path, String headers) {
    return RawAnswer.to(
        ollama.port(), method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
  }
}
