package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationEvent.Called;
import dev.penstock.contracts.generation.GenerationEvent.Delta;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Scored;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What holds in front of every Ollama, the simulated one and a real one. */
abstract class OllamaContract {
  private static final String ONE_PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  /** A proxy whose upstream is that Ollama. */
  abstract ProxyDriver proxy();

  /** A model that is installed there. */
  abstract String model();

  @Test
  void streamsAnAnswerAndItsCounts() {
    var call = proxy().generate(asking("Count to three.", 64));

    assertThat(call.next(Started.class).model()).isNotEmpty();
    var finished = call.finish();

    assertThat(finished.reason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
    assertThat(finished.usage().inputTokens()).isPositive();
    assertThat(finished.usage().outputTokens()).isBetween(1, 64);
    assertThat(finished.usage().estimated()).isFalse();
  }

  @Test
  void endsAnAnswerAtItsBoundAsLength() {
    var finished = proxy().generate(asking("Tell me all about red pandas.", 4)).finish();

    assertThat(finished.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(finished.usage().outputTokens()).isEqualTo(4);
  }

  @Test
  void servesTheNextOneAfterACancel() {
    var cancelled = proxy().generate(asking("Tell me all about red pandas.", 2_000));
    cancelled.next(Started.class);
    cancelled.leave();

    assertThat(proxy().generate(asking("Hello.", 4)).finish().usage().outputTokens()).isPositive();
  }

  /** turns.md T-24. */
  @Test
  void knowsWhetherTheModelContinuesAndHowMuchItReads() {
    var probed = probe(model());

    assertThat(probed.continues()).isNotNull();
    assertThat(probed.contextLength()).isPositive();
    assertThat(probed.state()).isEqualTo(ServedModel.State.READY);
  }

  /** Never the silent cut of ollama-api.md section 0, item 8. */
  @Test
  void saysThatAConversationIsTooLong() {
    int context = Objects.requireNonNull(probe(model()).contextLength());
    assumeThat(context).as("a context that is small enough to overflow").isLessThan(40_000);

    var refused = proxy().generate(asking("panda ".repeat(context * 3 / 2), 4));

    Await.until(refused::isRefused, "a refusal");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().getString("code"))
        .isEqualTo(FailureCode.CONTEXT_LENGTH_EXCEEDED.wire());
  }

  /** ollama-api.md section 9. */
  @Test
  void tellsWhatTheServerTellsOfTheModel() {
    var facts = probe(model()).facts();

    assertThat(facts.capabilities()).contains(Capability.COMPLETION);
    assertThat(facts.family()).isNotBlank();
    assertThat(facts.digest()).matches("[0-9a-f]{64}");
    assertThat(facts.parameterCount()).isPositive();
    assertThat(facts.trainedContextLength()).isPositive();
    assertThat(facts.sizeBytes()).isPositive();
    assertThat(facts.modifiedAt()).isNotNull();
  }

  @Test
  void callsAToolAndAnswersWithWhatItSaid() {
    var model = modelThatHas(Capability.TOOLS);
    var form =
        AnswerForm.PLAIN.withTools(
            List.of(
                new Tool(
                    "get_weather",
                    "The weather in a city.",
                    "{\"type\":\"object\",\"required\":[\"city\"],"
                        + "\"properties\":{\"city\":{\"type\":\"string\"}}}")),
            ToolChoice.AUTO);
    var question = new ChatMessage(Role.USER, "Call get_weather with city=Oslo now.");

    var events = ask(model, List.of(question), 256, form);
    var call =
        events.stream()
            .filter(Called.class::isInstance)
            .map(event -> ((Called) event).calls().getFirst())
            .findFirst()
            .orElseThrow();
    assertThat(call.name()).isEqualTo("get_weather");
    assertThat(new JsonObject(call.arguments()).getString("city")).isEqualTo("Oslo");
    assertThat(call.id()).startsWith("call_");
    assertThat(((Finished) events.getLast()).reason()).isEqualTo(FinishReason.TOOL_CALLS);

    var told =
        List.of(
            question,
            ChatMessage.calling("", List.of(call)),
            ChatMessage.toolResult(call.id(), null, "Sunny, 21 degrees."));
    assertThat(text(ask(model, told, 256, form))).isNotBlank();
  }

  @Test
  void looksAtAPicture() {
    var shown = List.of(ChatMessage.showing("What is it?", List.of(Image.of(ONE_PIXEL))));

    assertThat(text(ask(modelThatHas(Capability.VISION), shown, 64, AnswerForm.PLAIN)))
        .isNotBlank();
  }

  @Test
  void answersInTheFormOfASchema() {
    var schema =
        "{\"type\":\"object\",\"required\":[\"city\",\"age\"],\"properties\":"
            + "{\"city\":{\"type\":\"string\"},\"age\":{\"type\":\"integer\"}}}";
    var question = List.of(new ChatMessage(Role.USER, "Oslo is 978 years old. As JSON?"));

    var answer =
        new JsonObject(
            text(
                ask(
                    model(),
                    question,
                    256,
                    AnswerForm.PLAIN.withFormat(new ResponseFormat.Schema(null, schema)))));

    assertThat(answer.getString("city")).isNotNull();
    assertThat(answer.getInteger("age")).isNotNull();
  }

  @Test
  void tellsTheProbabilitiesOfTokens() {
    var question = List.of(new ChatMessage(Role.USER, "Count to three."));

    var scored =
        ask(model(), question, 8, AnswerForm.PLAIN.withLogprobs(2)).stream()
            .filter(Scored.class::isInstance)
            .map(Scored.class::cast)
            .toList();

    assertThat(scored).isNotEmpty();
    for (var token : scored.getFirst().logprobs()) {
      assertThat(token.logprob()).isLessThanOrEqualTo(0);
      assertThat(token.top()).hasSize(2);
    }
  }

  @Test
  void embedsTexts() {
    var model = modelThatHas(Capability.EMBEDDING);
    var request =
        new EmbeddingsRequest(
            "default",
            model,
            List.of("What do red pandas eat?", "Red pandas eat bamboo."),
            null,
            false,
            Priority.INTERACTIVE,
            120_000);
    var answer = proxy().call(HttpMethod.POST, "/embeddings", Wire.encode(request).toString());

    var embeddings = Wire.decode(Buffer.buffer(answer.text()), Embeddings.class);

    assertThat(embeddings.vectors()).hasSize(2);
    assertThat(embeddings.vectors().getFirst().length).isGreaterThan(16);
    assertThat(embeddings.usage().inputTokens()).isPositive();
  }

  /** One that the server lists; without one the test says so and is skipped. */
  final String modelThatHas(Capability capability) {
    var listed = Buffer.buffer(proxy().call(HttpMethod.GET, "/models", "").text());
    var found =
        Wire.decode(listed, ServedModel.Page.class).data().stream()
            .filter(model -> model.facts().has(capability))
            .toList();
    assumeThat(found).as("a model with " + capability).isNotEmpty();
    return found.getFirst().id();
  }

  private List<GenerationEvent> ask(
      String model, List<ChatMessage> messages, int maxTokens, AnswerForm form) {
    var options = GenerationOptions.NONE.withMaxTokens(maxTokens);
    return proxy().generate(request(model, messages, options, false).withForm(form)).events();
  }

  private static String text(List<GenerationEvent> events) {
    var text = new StringBuilder();
    for (var event : events) {
      if (event instanceof Delta(var piece)) {
        text.append(piece);
      }
    }
    return text.toString();
  }

  final ServedModel probe(String model) {
    var answer = proxy().call(HttpMethod.POST, "/models/" + model + "/probe", "");
    return Wire.decode(Buffer.buffer(answer.text()), ServedModel.class);
  }

  final GenerationRequest asking(String text, int maxTokens) {
    return request(
        model(),
        List.of(new ChatMessage(Role.USER, text)),
        GenerationOptions.NONE.withMaxTokens(maxTokens),
        false);
  }

  static GenerationRequest request(
      String model, List<ChatMessage> messages, GenerationOptions options, boolean continues) {
    return new GenerationRequest(
        "default", null, model, messages, options, continues, Priority.INTERACTIVE, 120_000);
  }
}
