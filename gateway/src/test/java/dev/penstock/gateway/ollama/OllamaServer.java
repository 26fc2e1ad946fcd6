package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.inference.FakeProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A gateway with models of every kind, seen as an Ollama client sees it. */
final class OllamaServer implements AutoCloseable {
  static final String DIGEST = "0123456789abcdef".repeat(4);

  /** Sees pictures, calls no tools, does not think; has been loaded. */
  static final ServedModel GEMMA3 =
      model("gemma3:4b", true, Capability.COMPLETION, Capability.VISION);

  /** Calls tools and thinks; was never loaded. */
  static final ServedModel GEMMA4 =
      model("gemma4:latest", null, Capability.COMPLETION, Capability.TOOLS, Capability.THINKING);

  static final ServedModel EMBEDDER = model("embeddinggemma", null, Capability.EMBEDDING);

  private final GatewayFixture gateway = new GatewayFixture();
  final FakeProxy proxy = gateway.proxy;
  final Client client = gateway.client();

  OllamaServer() {
    proxy.serves(GEMMA3, GEMMA4, EMBEDDER);
    // Each event loop has its own connections, the catalogue is one for all.
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> client.get("/api/tags").json().path("models").size() == 3);
  }

  int port() {
    return gateway.port();
  }

  /** The lines of a whole stream. */
  static List<JsonNode> lines(Client.Answer answer) {
    return answer.body().lines().map(line -> Wire.decode(line, JsonNode.class)).toList();
  }

  @Override
  public void close() {
    gateway.close();
  }

  private static ServedModel model(String id, @Nullable Boolean continues, Capability... able) {
    var capabilities = Set.copyOf(EnumSet.of(able[0], able));
    return new ServedModel(
        id,
        1_741_824_000,
        "library",
        ServedModel.Kind.SELF_HOSTED,
        ServedModel.State.READY,
        continues != null,
        4096,
        8192,
        continues,
        capabilities.contains(Capability.THINKING),
        new ModelFacts(
            capabilities,
            "gemma3",
            "4.3B",
            4_300_000_000L,
            "Q4_K_M",
            131_072,
            2560,
            continues == null ? null : DIGEST,
            continues == null ? null : Long.valueOf(3_338_801_804L),
            continues == null ? null : Instant.parse("2026-02-01T08:00:00.5Z")));
  }
}
