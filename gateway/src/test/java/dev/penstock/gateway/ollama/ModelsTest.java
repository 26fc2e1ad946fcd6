package dev.penstock.gateway.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be read without a generation, and embeddings (ollama-api.md sections 3, 9 and 16). */
@Timeout(60)
class ModelsTest {
  private static OllamaServer server;

  @BeforeAll
  static void start() {
    server = new OllamaServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void listsModelsNewestFirst() {
    var models = server.client.get("/api/tags").json().get("models");

    assertThat(models.findValuesAsText("name"))
        .startsWith("gemma3:4b")
        .containsExactlyInAnyOrder("gemma3:4b", "gemma4:latest", "embeddinggemma");
    var first = models.get(0);
    assertThat(first.get("model").asText()).isEqualTo("gemma3:4b");
    assertThat(first.get("modified_at").asText()).isEqualTo("2026-02-01T08:00:00.5Z");
    assertThat(first.get("size").asLong()).isEqualTo(3_338_801_804L);
    assertThat(first.get("digest").asText()).isEqualTo(OllamaServer.DIGEST);
    assertThat(first.get("details").toString())
        .isEqualTo(
            "{\"parent_model\":\"\",\"format\":\"gguf\",\"family\":\"gemma3\","
                + "\"families\":[\"gemma3\"],\"parameter_size\":\"4.3B\","
                + "\"quantization_level\":\"Q4_K_M\",\"context_length\":131072,"
                + "\"embedding_length\":2560}");
    assertThat(first.get("capabilities").toString()).isEqualTo("[\"completion\",\"vision\"]");
    // The command line cuts every digest to its first twelve digits.
    assertThat(models).allSatisfy(each -> assertThat(each.get("digest").asText()).hasSize(64));
  }

  @Test
  void listsWhatHasBeenLoaded() {
    var models = server.client.get("/api/ps").json().get("models");

    assertThat(models).hasSize(1);
    assertThat(models.get(0).get("name").asText()).isEqualTo("gemma3:4b");
    assertThat(models.get(0).get("context_length").asInt()).isEqualTo(4096);
    assertThat(models.get(0).get("size_vram")).isEqualTo(models.get(0).get("size"));
    assertThat(OffsetDateTime.parse(models.get(0).get("expires_at").asText()).toInstant())
        .isAfter(Instant.now());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"model\":\"gemma4\"}", "{\"name\":\"Gemma4:Latest\",\"verbose\":true}"})
  void showsAModelByAnyOfItsNames(String body) {
    var model = server.client.post("/api/show", body).json();

    assertThat(model.get("capabilities").toString())
        .isEqualTo("[\"completion\",\"tools\",\"thinking\"]");
    assertThat(model.get("parameters").asText()).isEqualTo("num_ctx                        4096");
    assertThat(model.get("model_info").toString())
        .isEqualTo(
            "{\"general.architecture\":\"gemma3\",\"general.basename\":\"gemma4:latest\","
                + "\"general.parameter_count\":4300000000,\"gemma3.context_length\":131072,"
                + "\"gemma3.embedding_length\":2560}");
    assertThat(model.get("tensors")).isEmpty();
  }

  @Test
  void saysWhichOllamaItSpeaks() {
    assertThat(server.client.get("/api/version").body()).isEqualTo("{\"version\":\"0.32.15\"}");
    assertThat(server.client.call("HEAD", "/api/version", null).status()).isEqualTo(200);
    assertThat(server.client.call("HEAD", "/api/tags", null).status()).isEqualTo(200);
    assertThat(server.client.get("/api/status").json().at("/cloud/disabled").asBoolean()).isTrue();
  }

  @Test
  void tellsOllamasClientsAloneThatOllamaIsRunning() {
    var told = server.client.get("/", "User-Agent", "ollama/0.32.15 (amd64 linux) Go/go1.26.0");

    assertThat(told.body()).isEqualTo("Ollama is running");
    assertThat(told.header("content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(server.client.call("HEAD", "/", null).status()).isEqualTo(200);
    assertThat(server.client.get("/").json().path("service").asText()).isEqualTo("gateway");
  }

  @Test
  void hasPulledWhatIsServed() {
    var lines = server.client.post("/api/pull", "{\"model\":\"gemma3:4b\"}");

    assertThat(lines.header("content-type")).isEqualTo("application/x-ndjson");
    assertThat(OllamaServer.lines(lines).stream().map(line -> line.path("status").asText()))
        .containsExactly(
            "pulling manifest",
            "pulling 0123456789ab",
            "verifying sha256 digest",
            "writing manifest",
            "success");
    assertThat(server.client.post("/api/pull", "{\"model\":\"gemma3:4b\",\"stream\":false}").body())
        .isEqualTo("{\"status\":\"success\"}");
  }

  @Test
  void cannotPullWhatIsNotServed() {
    var lines = OllamaServer.lines(server.client.post("/api/pull", "{\"model\":\"nope\"}"));

    assertThat(lines).hasSize(2);
    assertThat(lines.getLast().path("error").asText())
        .isEqualTo("pull model manifest: file does not exist");
  }

  @ParameterizedTest
  @CsvSource({"'\"one\"', 1", "'[\"one\",\"two\"]', 2", "'\"\"', 0", "'[]', 0"})
  void makesEmbeddings(String input, int inputs) throws Exception {
    server.proxy.embeds(new float[] {0.25f, -1e-7f});

    var answer =
        server.client.post(
            "/api/embed",
            "{\"model\":\"EmbeddingGemma\",\"input\":%s,\"dimensions\":2,\"truncate\":false}"
                .formatted(input));

    var asked = server.proxy.nextEmbeddings();
    assertThat(asked.inputs()).hasSize(inputs);
    assertThat(asked.model()).isEqualTo("embeddinggemma");
    assertThat(asked.dimensions()).isEqualTo(2);
    assertThat(asked.truncate()).isFalse();
    assertThat(answer.json().get("model").asText()).isEqualTo("EmbeddingGemma");
    assertThat(answer.json().get("embeddings")).hasSize(inputs);
    assertThat(answer.json().get("embeddings"))
        .allSatisfy(vector -> assertThat(vector).isEqualTo(vector()));
    assertThat(answer.json().get("prompt_eval_count").asInt()).isEqualTo(7);
    assertThat(answer.json().get("total_duration").asLong()).isPositive();
  }

  @Test
  void makesOneEmbeddingTheOlderWay() throws Exception {
    server.proxy.embeds(new float[] {0.25f, -1e-7f});

    var answer =
        server.client.post("/api/embeddings", "{\"model\":\"embeddinggemma\",\"prompt\":\"one\"}");

    assertThat(server.proxy.nextEmbeddings().inputs()).containsExactly("one");
    assertThat(answer.json().get("embedding")).isEqualTo(vector());
  }

  @Test
  void saysSoWhereTheModelServerMakesNoEmbeddings() throws Exception {
    server.proxy.embeds(null);

    var refused =
        server.client.post("/api/embed", "{\"model\":\"embeddinggemma\",\"input\":\"one\"}");

    server.proxy.nextEmbeddings();
    assertThat(refused.status()).isEqualTo(501);
    assertThat(refused.json().path("error").asText()).contains("--embeddings");
  }

  private static JsonNode vector() {
    return JsonNodeFactory.instance.arrayNode().add(0.25).add(-1e-7);
  }
}
