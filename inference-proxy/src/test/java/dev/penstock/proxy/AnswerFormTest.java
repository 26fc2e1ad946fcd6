package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Called;
import dev.penstock.contracts.generation.GenerationEvent.Delta;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Scored;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.GenerationEvent.Thought;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.ToolChoice;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that are more than text, and models that cannot give them. */
class AnswerFormTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final List<Tool> TOOLS = List.of(new Tool("look", "Looks.", null));
  private static final AnswerForm WITH_TOOLS = AnswerForm.PLAIN.withTools(TOOLS, ToolChoice.AUTO);
  private static final String CALL =
      "{\"message\":{\"content\":\"\",\"tool_calls\":[{\"id\":\"call_1\",\"function\":"
          + "{\"name\":\"look\",\"arguments\":{\"at\":\"it\"}}}]},\"done\":false}\n";

  private FakeOllama ollama;
  private ProxyDriver proxy;

  @BeforeEach
  void start() {
    ollama = FakeOllama.startLoaded(VERTX);
    proxy = ProxyDriver.start(Map.of(), ollama);
  }

  @AfterEach
  void nothingLeaks() {
    proxy.awaitIdle();
    proxy.close();
    ollama.close();
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  @Test
  void relaysCallsOfToolsAndEndsWithThem() {
    ollama.can("tools");
    var call = proxy.generate(ProxyDriver.request().withForm(WITH_TOOLS));
    var chat = ollama.awaitChat();

    assertThat(chat.body().getJsonArray("tools")).hasSize(1);
    chat.sends(CALL).finishes();

    assertThat(call.next(Started.class).model()).isEqualTo("gemma3:1b");
    assertThat(call.next())
        .isEqualTo(new Called(List.of(new ToolCall("call_1", "look", "{\"at\":\"it\"}"))));
    assertThat(call.next(Finished.class).reason()).isEqualTo(FinishReason.TOOL_CALLS);
  }

  @Test
  void relaysThoughtsToWhoWantsThemOnly() {
    ollama.can("thinking");
    var thinking =
        new GenerationOptions(null, null, null, null, null, null, Think.ON, null, null, null, null);
    var curious =
        proxy.generate(ProxyDriver.request(thinking).withForm(AnswerForm.PLAIN.withThoughts(true)));
    thinksAndSays("Hm.", "Bamboo");
    curious.next(Started.class);
    assertThat(curious.next()).isEqualTo(new Thought("Hm."));
    assertThat(curious.next()).isEqualTo(new Delta("Bamboo"));
    curious.next(Finished.class);

    var other = proxy.generate(ProxyDriver.request(thinking));
    thinksAndSays("Hm.", "Bamboo");
    other.next(Started.class);
    assertThat(other.next()).isEqualTo(new Delta("Bamboo"));
    other.next(Finished.class);
  }

  private void thinksAndSays(String thought, String text) {
    ollama
        .awaitChat()
        .sends("{\"message\":{\"content\":\"\",\"thinking\":\"" + thought + "\"},\"done\":false}\n")
        .says(text)
        .finishes();
  }

  @Test
  void relaysProbabilitiesWithTheirText() {
    var call = proxy.generate(ProxyDriver.request().withForm(AnswerForm.PLAIN.withLogprobs(0)));
    ollama
        .awaitChat()
        .sends(
            "{\"message\":{\"content\":\"Hi\"},\"done\":false,"
                + "\"logprobs\":[{\"token\":\"Hi\",\"logprob\":-0.5}]}\n")
        .finishes();

    call.next(Started.class);
    assertThat(call.next())
        .isEqualTo(new Scored("Hi", List.of(new TokenLogprob("Hi", -0.5, List.of(), List.of()))));
    call.next(Finished.class);
  }

  @Test
  void refusesToolsForAModelThatCannotCallThem() {
    refuses(ProxyDriver.request().withForm(WITH_TOOLS), "tools");
  }

  @Test
  void takesToolsThatMayNotBeCalledForAnyModel() {
    var form = AnswerForm.PLAIN.withTools(TOOLS, new ToolChoice.None());
    var call = proxy.generate(ProxyDriver.request().withForm(form));
    ollama.awaitChat().says("Bamboo").finishes();

    call.awaitText("Bamboo").next(Finished.class);
  }

  @Test
  void refusesImagesForAModelThatCannotSee() {
    var base = ProxyDriver.request();
    var shown = List.of(ChatMessage.showing("What is it?", List.of(Image.of("iVBORw0KGgo="))));

    refuses(
        new GenerationRequest(
            base.tenant(),
            null,
            base.model(),
            shown,
            base.options(),
            false,
            Priority.INTERACTIVE,
            60_000),
        "images");
  }

  @Test
  void refusesAChoiceThatOllamaWouldIgnore() {
    ollama.can("tools");
    var form = AnswerForm.PLAIN.withTools(TOOLS, new ToolChoice.Named("look"));

    refuses(ProxyDriver.request().withForm(form), "made to call");
  }

  @Test
  void refusesMoreAlternativesThanThereAre() {
    refuses(ProxyDriver.request().withForm(AnswerForm.PLAIN.withLogprobs(21)), "logprobs");
  }

  @Test
  void breaksOffAnAnswerThatCallsWhatItWasNotOffered() {
    var call = proxy.generate();
    ollama.awaitChat().says("Bamboo").sends(CALL).finishes();

    assertThat(call.awaitText("Bamboo").next(Failed.class).failure().code())
        .isEqualTo(FailureCode.UPSTREAM_PROTOCOL);
  }

  private void refuses(GenerationRequest request, String about) {
    var refused = proxy.generate(request);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().getString("code")).isEqualTo("invalid_request");
    assertThat(refused.json().getString("detail")).contains(about);
    assertThat(ollama.chatCount()).isZero();
  }
}
