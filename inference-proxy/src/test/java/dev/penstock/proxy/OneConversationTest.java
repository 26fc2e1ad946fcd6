package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Called;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.proxy.standin.GenerateProtocol;
import dev.penstock.proxy.standin.Protocols;
import dev.penstock.proxy.standin.StandIn;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One neutral history, answered in turn by models of every kind (tutorials.md section 2). */
class OneConversationTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Tool LOOK = new Tool("look", "Looks.", "{\"type\":\"object\"}");

  @TempDir private Path folder;
  private final List<StandIn> servers = new ArrayList<>();
  private final List<ChatMessage> history = new ArrayList<>();
  private ProxyDriver proxy;
  private StandIn ollama;
  private StandIn openai;
  private StandIn gemini;
  private StandIn generate;

  @BeforeEach
  void start() throws IOException {
    ollama = StandIn.start(VERTX, Protocols.STREAMING.get(0));
    openai = StandIn.start(VERTX, Protocols.STREAMING.get(1));
    gemini = StandIn.start(VERTX, Protocols.STREAMING.get(2));
    generate = StandIn.start(VERTX, new GenerateProtocol());
    servers.addAll(List.of(ollama, openai, gemini, generate));
    var upstreams = new StringBuilder("upstreams:\n");
    var models = new StringBuilder("models:\n");
    var settings = new HashMap<String, String>();
    var names = List.of("ollama", "openai", "gemini", "generate");
    for (var i = 0; i < names.size(); i++) {
      upstreams.append(servers.get(i).upstream("up-" + names.get(i)));
      models.append(servers.get(i).model("by-" + names.get(i), "up-" + names.get(i)));
      settings.putAll(servers.get(i).settings());
    }
    var file = Files.writeString(folder.resolve("penstock.yaml"), upstreams.append(models));
    proxy = ProxyDriver.startWith(file, settings);
  }

  @AfterEach
  void nothingLeaks() {
    proxy.awaitIdle();
    proxy.close();
    servers.forEach(StandIn::close);
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  @Test
  void isAnsweredInTurnByEveryKindOfModelWithItsHistory() {
    history.add(new ChatMessage(Role.SYSTEM, "You are Gem."));

    var first = asks("by-ollama", ollama, "Who are you?", "I am Gem.");
    var second = asks("by-openai", openai, "What do you know?", "Zoos.");
    var third = asks("by-gemini", gemini, "And pandas?", "Grüße \uD83D\uDC3C");
    var fourth = asks("by-ollama", ollama, "Sure?", "Yes.");

    assertThat(first.body().getJsonArray("messages")).hasSize(2);
    assertThat(texts(second)).isEqualTo("You are Gem.|Who are you?|I am Gem.|What do you know?");
    assertThat(third.body().getJsonObject("systemInstruction").encode()).contains("You are Gem.");
    assertThat(third.body().getJsonArray("contents").encode())
        .contains("{\"role\":\"model\",\"parts\":[{\"text\":\"Zoos.\"}]}");
    assertThat(texts(fourth)).endsWith("|Zoos.|And pandas?|Grüße \uD83D\uDC3C|Sure?");
  }

  /** The whole answer comes at once, behind the prompt it repeats. */
  @Test
  void isAnsweredByAPlainGenerateToo() {
    asks("by-gemini", gemini, "Hi", "Hello");
    var call = proxy.generate(request("by-generate", "And?"));
    var chat = generate.awaitChat();
    var prompt = chat.lastText();

    chat.says(prompt + "That is all.<end_of_turn>\n<start_of_turn>user").ends();

    assertThat(prompt)
        .isEqualTo(
            """
            <start_of_turn>user
            Hi<end_of_turn>
            <start_of_turn>model
            Hello<end_of_turn>
            <start_of_turn>user
            And?<end_of_turn>
            <start_of_turn>model
            """);
    assertThat(call.awaitText("That is all.").next(Finished.class).usage().estimated()).isTrue();
  }

  @Test
  void refusesToolsWhereTheKindHasNone() {
    var form = AnswerForm.PLAIN.withTools(List.of(LOOK), ToolChoice.AUTO);

    var refused = proxy.generate(request("by-generate", "Look!").withForm(form));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(generate.chatCount()).isZero();
  }

  @Test
  void carriesACallFromOneKindToTheResultAtAnother() {
    var form = AnswerForm.PLAIN.withTools(List.of(LOOK), new ToolChoice.Required());
    var call = proxy.generate(request("by-gemini", "Look!").withForm(form));

    gemini
        .awaitChat()
        .sends(
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"id\":\"call_7\","
                + "\"name\":\"look\",\"args\":{\"at\":\"it\"}}}]},\"finishReason\":\"STOP\"}]}\n\n")
        .ends();
    var called = List.of(new ToolCall("call_7", "look", "{\"at\":\"it\"}"));
    call.next();
    assertThat(call.next(Called.class).calls()).isEqualTo(called);
    assertThat(call.next(Finished.class).reason()).isEqualTo(FinishReason.TOOL_CALLS);

    history.add(ChatMessage.calling("", called));
    history.add(ChatMessage.toolResult("call_7", null, "a panda"));
    var next = proxy.generate(withHistory("by-openai"));
    var chat = openai.awaitChat();
    chat.says("A panda.").finishes();
    next.awaitText("A panda.").next(Finished.class);

    assertThat(chat.body().getJsonArray("messages").encode())
        .contains("\"tool_call_id\":\"call_7\"", "\"arguments\":\"{\\\"at\\\":\\\"it\\\"}\"");
  }

  private StandIn.Chat asks(String model, StandIn server, String question, String answer) {
    var call = proxy.generate(request(model, question));
    var chat = server.awaitChat();
    chat.says(answer).finishes();
    call.awaitText(answer).next(Finished.class);
    history.add(new ChatMessage(Role.ASSISTANT, answer));
    return chat;
  }

  private GenerationRequest request(String model, String question) {
    history.add(new ChatMessage(Role.USER, question));
    return withHistory(model);
  }

  private GenerationRequest withHistory(String model) {
    return new GenerationRequest(
        "default",
        null,
        model,
        List.copyOf(history),
        GenerationOptions.NONE,
        false,
        Priority.INTERACTIVE,
        60_000);
  }

  private static String texts(StandIn.Chat chat) {
    return chat.body().getJsonArray("messages").stream()
        .map(each -> ((JsonObject) each).getString("content"))
        .collect(Collectors.joining("|"));
  }
}
