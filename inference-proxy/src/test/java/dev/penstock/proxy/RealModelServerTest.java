package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The proxy in front of the real server of chat completions at {@code OPENAI_UPSTREAM_URL} (model
 * {@code OPENAI_UPSTREAM_MODEL}, key {@code OPENAI_UPSTREAM_KEY} if it asks for one), and of Gemini
 * for who has a {@code GEMINI_API_KEY} (model {@code GEMINI_MODEL}); skipped where there is none.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("servers")
class RealModelServerTest {
  /**
   * A real server.
   *
   * @param url null where none is given
   */
  record Server(String kind, @Nullable String url, @Nullable String model, @Nullable String key) {
    String file() {
      return """
      upstreams:
        - {name: real, kind: %s, slots: 1, url: "%s"%s}
      models:
        - {name: real, upstreams: [{name: real, model: "%s"}]}
      """
          .formatted(kind, url, key == null ? "" : ", api_key_env: REAL_KEY", model);
    }
  }

  private final Server server;
  @TempDir private Path folder;
  private @Nullable ProxyDriver proxy;

  RealModelServerTest(Server server) {
    this.server = server;
  }

  static Stream<Server> servers() {
    var key = System.getenv("GEMINI_API_KEY");
    return Stream.of(
        new Server(
            "openai",
            System.getenv("OPENAI_UPSTREAM_URL"),
            System.getenv("OPENAI_UPSTREAM_MODEL"),
            System.getenv("OPENAI_UPSTREAM_KEY")),
        new Server(
            "gemini",
            key == null ? null : "https://generativelanguage.googleapis.com",
            System.getenv().getOrDefault("GEMINI_MODEL", "gemini-2.5-flash"),
            key));
  }

  @BeforeEach
  void start() throws IOException {
    assumeThat(server.url()).as("a real " + server.kind() + " server is given").isNotBlank();
    var file = Files.writeString(folder.resolve("penstock.yaml"), server.file());
    proxy =
        ProxyDriver.startWith(
            file, server.key() == null ? Map.of() : Map.of("REAL_KEY", server.key()));
  }

  @AfterEach
  void stop() {
    if (proxy != null) {
      proxy.awaitIdle();
      proxy.close();
    }
  }

  @Test
  void streamsAnAnswerAndItsCounts() {
    var call = proxy().generate(asking("Count to three.", 64));

    assertThat(call.next(Started.class).model()).isEqualTo(server.model());
    var finished = call.finish();

    assertThat(finished.reason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
    assertThat(finished.usage().inputTokens()).isPositive();
    assertThat(finished.usage().outputTokens()).isBetween(1, 64);
    assertThat(finished.usage().estimated()).isFalse();
  }

  @Test
  void endsAnAnswerAtItsBoundAsLength() {
    var finished = proxy().generate(asking("Tell me all about red pandas.", 16)).finish();

    assertThat(finished.reason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void servesTheNextOneAfterACancel() {
    var cancelled = proxy().generate(asking("Tell me all about red pandas.", 2_000));
    cancelled.next(Started.class);
    cancelled.leave();

    assertThat(proxy().generate(asking("Hello.", 32)).finish().usage().inputTokens()).isPositive();
  }

  private ProxyDriver proxy() {
    return Objects.requireNonNull(proxy);
  }

  private static GenerationRequest asking(String text, int maxTokens) {
    return new GenerationRequest(
        "default",
        null,
        "real",
        List.of(new ChatMessage(Role.USER, text)),
        GenerationOptions.NONE.withMaxTokens(maxTokens),
        false,
        Priority.INTERACTIVE,
        120_000);
  }
}
