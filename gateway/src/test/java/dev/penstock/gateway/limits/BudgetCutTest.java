package dev.penstock.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.GatewayFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are stored nowhere, of a tenant whose tokens are used up on the way (T-37). */
@Timeout(60)
class BudgetCutTest {
  private static final int PIECES = 400;

  @TempDir private Path folder;

  private GatewayFixture gateway;

  @BeforeEach
  void start() throws Exception {
    var file =
        Files.writeString(folder.resolve("penstock.yaml"), "tenants:\n  default: {tpm: 100}\n");
    gateway = new GatewayFixture(Map.of("PENSTOCK_CONFIG", file.toString()));
    gateway.proxy.answers(
        asked -> {
          asked.tells(new GenerationEvent.Started("a", "gemma3:270m"));
          for (var i = 0; i < PIECES; i++) {
            asked.says(i + " ");
          }
        });
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void endAsLengthInAStreamOfOpenAis() throws Exception {
    var answer =
        gateway
            .client()
            .post(
                "/v1/chat/completions",
                "{\"model\":\"gemma3:270m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

    var chunks =
        answer
            .body()
            .lines()
            .filter(line -> line.startsWith("data: {"))
            .map(line -> Wire.decode(line.substring(6), JsonNode.class))
            .toList();
    var text =
        chunks.stream()
            .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
            .collect(Collectors.joining());
    assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
        .isEqualTo("length");
    holds(text, chunks.getLast().at("/usage/completion_tokens").asInt());
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void endAsLengthInOneDocumentOfOpenAis() throws Exception {
    var answer =
        gateway
            .client()
            .post(
                "/v1/chat/completions",
                "{\"model\":\"gemma3:270m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

    assertThat(answer.json().at("/choices/0/finish_reason").asText()).isEqualTo("length");
    holds(
        answer.json().at("/choices/0/message/content").asText(),
        answer.json().at("/usage/completion_tokens").asInt());
  }

  @Test
  void endAsMaxTokensInGeminis() throws Exception {
    var answer =
        gateway
            .client()
            .post(
                "/v1beta/models/gemma3:270m:generateContent",
                "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}");

    assertThat(answer.json().at("/candidates/0/finishReason").asText()).isEqualTo("MAX_TOKENS");
    holds(
        answer.json().at("/candidates/0/content/parts/0/text").asText(),
        answer.json().at("/usageMetadata/candidatesTokenCount").asInt());
  }

  @Test
  void endAsLengthInOllamas() throws Exception {
    var answer =
        gateway
            .client()
            .post(
                "/api/chat",
                "{\"model\":\"gemma3:270m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

    var lines = answer.body().lines().map(line -> Wire.decode(line, JsonNode.class)).toList();
    assertThat(lines.getLast().path("done_reason").asText()).isEqualTo("length");
    holds(
        lines.stream()
            .map(line -> line.at("/message/content").asText())
            .collect(Collectors.joining()),
        lines.getLast().path("eval_count").asInt());
  }

  /** The text is that of so many tokens, and nobody generates more of it. */
  private void holds(String text, int tokens) throws Exception {
    var expected = new StringBuilder();
    for (var i = 0; i < tokens; i++) {
      expected.append(i).append(' ');
    }
    assertThat(text).isEqualTo(expected.toString());
    assertThat(tokens).isBetween(90, PIECES - 1);
    gateway.proxy.next().closedAt();
  }
}
