package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models and aliases of a configuration file, over real HTTP. */
class ConfiguredModelsTest {
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir private Path folder;
  private FakeOllama one;
  private FakeOllama two;
  private ProxyDriver proxy;

  @BeforeEach
  void start() throws IOException {
    one = FakeOllama.startLoaded(VERTX);
    two = FakeOllama.startLoaded(VERTX);
    one.installs("gemma3:1b", "tiny:latest");
    two.installs("copy:1b");
    var file =
        """
        upstreams:
          - {name: one, kind: ollama, url: "%s"}
          - {name: two, kind: ollama, url: "%s"}
        models:
          - name: gemma
            context_length: 2000
            max_output_tokens: 77
            continues: true
            upstreams: [{name: one, model: gemma3:1b}, {name: two, model: copy:1b}]
          - {name: stubborn, continues: false, upstreams: [{name: one, model: gemma3:1b}]}
        aliases: {gemini-2.5-flash: gemma, small: tiny, nobody: nothing}
        agents: [none of the proxy's business]
        """
            .formatted(one.url(), two.url());
    proxy = ProxyDriver.startWith(Files.writeString(folder.resolve("penstock.yaml"), file));
    proxy.knowingItsUpstreams();
  }

  @AfterEach
  void nothingLeaks() {
    proxy.awaitIdle();
    proxy.close();
    one.close();
    two.close();
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  @Test
  void asksEachUpstreamForTheModelByItsOwnName() {
    var first = proxy.generate(of("gemma"));
    var second = proxy.generate(of("gemma"));
    var atOne = one.awaitChat();
    var atTwo = two.awaitChat();

    assertThat(atOne.body().getString("model")).isEqualTo("gemma3:1b");
    assertThat(atTwo.body().getString("model")).isEqualTo("copy:1b");
    atOne.says("x").finishes();
    atTwo.says("x").finishes();
    first.awaitText("x").next(Finished.class);
    second.awaitText("x").next(Finished.class);
  }

  @Test
  void answersUnderAnAliasAndSaysWhichModelDid() {
    var call = proxy.generate(of("gemini-2.5-flash"));
    whoeverIsAsked().awaitChat().says("x").finishes();

    assertThat(call.next(Started.class).model()).isIn("gemma3:1b", "copy:1b");
    call.awaitText("x").next(Finished.class);
    assertThat(proxy.generate(of("nobody")).status()).isEqualTo(404);
  }

  @Test
  void findsAListedModelBehindAnAlias() {
    var call = proxy.generate(of("Small:latest"));
    var chat = one.awaitChat();

    assertThat(chat.body().getString("model")).isEqualTo("tiny:latest");
    chat.finishes();
    call.finish();
  }

  @Test
  void listsModelsAndAliasesEachUnderItsName() {
    assertThat(models())
        .extracting(each -> each.getString("id"))
        .containsExactlyInAnyOrder(
            "gemma",
            "stubborn",
            "gemini-2.5-flash",
            "small",
            "gemma3:1b",
            "tiny:latest",
            "copy:1b");
    assertThat(model("gemini-2.5-flash").getString("alias_of")).isEqualTo("gemma");
    assertThat(model("small").getString("alias_of")).isEqualTo("tiny:latest");
    assertThat(model("gemma").getString("alias_of")).isNull();
    for (var id : List.of("gemma", "gemini-2.5-flash")) {
      assertThat(model(id).getInteger("context_length")).isEqualTo(2000);
      assertThat(model(id).getInteger("max_output_tokens")).isEqualTo(77);
      assertThat(model(id).getBoolean("continues")).isTrue();
    }
    assertThat(model("stubborn").getBoolean("continues")).isFalse();
    assertThat(model("stubborn").getInteger("max_output_tokens")).isEqualTo(8192);
  }

  @Test
  void keepsAnswersWithinTheModelsOwnBound() {
    var call = proxy.generate(of("stubborn"));
    assertThat(budget(one.awaitChat())).isEqualTo(8192);
    call.leave();
    Await.until(() -> proxy.gauge("chat_slots_in_use") == 0, "the slot to be free");

    var bounded = proxy.generate(of("gemini-2.5-flash"));
    assertThat(budget(whoeverIsAsked().awaitChat())).isEqualTo(77);
    bounded.leave();
  }

  /** turns.md T-24: what is configured is not asked of the probe. */
  @Test
  void takesTheConfigurationsWordForWhetherAModelContinues() {
    one.startsAnswersOver();
    two.startsAnswersOver();

    var continued = proxy.generate(continuation("gemma"));
    whoeverIsAsked().awaitChat().says("boo").finishes();
    continued.awaitText("boo").next(Finished.class);
    Await.until(() -> proxy.gauge("chat_slots_in_use") == 0, "the slot to be free");

    assertThat(proxy.generate(continuation("stubborn")).status()).isEqualTo(409);
  }

  @Test
  void probesAModelUnderItsAlias() {
    var probed = proxy.call(HttpMethod.POST, "/models/small/probe", "").json();

    assertThat(probed.getString("id")).isEqualTo("small");
    assertThat(probed.getBoolean("continues")).isTrue();
  }

  private FakeOllama whoeverIsAsked() {
    Await.until(() -> one.hasChat() || two.hasChat(), "a chat at either model server");
    return one.hasChat() ? one : two;
  }

  private List<JsonObject> models() {
    return proxy.get("/models").getJsonArray("data").stream().map(JsonObject.class::cast).toList();
  }

  private JsonObject model(String id) {
    return models().stream()
        .filter(each -> id.equals(each.getString("id")))
        .findFirst()
        .orElseThrow();
  }

  private static int budget(FakeOllama.Chat chat) {
    return chat.body().getJsonObject("options").getInteger("num_predict");
  }

  private static GenerationRequest of(String model) {
    return request(model, List.of(new ChatMessage(Role.USER, "Food?")), false);
  }

  private static GenerationRequest continuation(String model) {
    return request(
        model,
        List.of(new ChatMessage(Role.USER, "Food?"), new ChatMessage(Role.ASSISTANT, "Bam")),
        true);
  }

  private static GenerationRequest request(
      String model, List<ChatMessage> messages, boolean continuesAnswer) {
    return new GenerationRequest(
        "default",
        null,
        model,
        messages,
        GenerationOptions.NONE,
        continuesAnswer,
        Priority.INTERACTIVE,
        60_000);
  }
}
