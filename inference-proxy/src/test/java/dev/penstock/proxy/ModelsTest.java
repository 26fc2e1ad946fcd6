package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.ServedModel.State;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code GET /models}, the probe of T-24, and where a model is looked for. */
class ModelsTest {
  private static final Vertx VERTX = Vertx.vertx();

  private FakeOllama ollama;
  private ProxyDriver proxy;

  @BeforeEach
  void start() {
    ollama = FakeOllama.start(VERTX);
    ollama.installs("tiny:latest", "gemma3:1b");
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
  void listsWhatTheModelServersHaveTheDefaultFirst() {
    var models = models();

    assertThat(models).extracting(ServedModel::id).containsExactly("gemma3:1b", "tiny:latest");
    assertThat(models).extracting(ServedModel::isDefault).containsExactly(true, false);
    assertThat(models).extracting(ServedModel::state).containsOnly(State.READY);
    assertThat(models.getFirst().created()).isEqualTo(1_769_932_800L);
    assertThat(models.getFirst().continues()).as("not probed yet").isNull();
    assertThat(models.getFirst().maxOutputTokens()).isEqualTo(8192);
  }

  /** ollama-api.md section 9: what the list says and what is said of the model alone. */
  @Test
  void tellsWhatTheServerTellsOfAModelThatWasNeverLoaded() {
    ollama.can("vision", "smell"); // a proxy asks once; this one has not yet
    try (var asking = ProxyDriver.start(Map.of(), ollama)) {
      Await.until(
          () -> models(asking).getFirst().facts().has(Capability.VISION),
          "the model to be described");

      assertThat(models(asking).getFirst().facts())
          .isEqualTo(
              new ModelFacts(
                  Set.of(Capability.COMPLETION, Capability.VISION),
                  "gemma3",
                  "999.89M",
                  999_885_952L,
                  "Q4_K_M",
                  32_768,
                  1152,
                  "ab12",
                  815_319_791L,
                  Instant.parse("2026-02-01T08:00:00Z")));
    }
    assertThat(ollama.loads()).isEmpty();
  }

  @Test
  void neverTakesAModelThatOnlyEmbedsForTheDefault() {
    ollama.installs("embeddinggemma:300m", "tiny:latest", "gemma3:1b");
    try (var unconfigured = ProxyDriver.start(Map.of("GEMMA_MODEL_NAME", ""), ollama)) {
      Await.until(
          () -> models(unconfigured).getFirst().id().equals("gemma3:1b"),
          "the models to be described");

      assertThat(models(unconfigured))
          .extracting(ServedModel::isDefault)
          .containsExactly(true, false, false);
    }
  }

  /** turns.md T-24. */
  @Test
  void findsOutWhetherAModelContinuesByLoadingAndProbingIt() {
    var probed = probe("gemma3:1b");

    assertThat(probed.continues()).isTrue();
    assertThat(probed.contextLength()).isEqualTo(4096);
    assertThat(probed.thinks()).isFalse();
    assertThat(ollama.loads()).hasSize(1);
    assertThat(models().getFirst().continues()).isTrue();
    assertThat(ollama.chatCount()).as("no generation is needed for it").isZero();
  }

  /** turns.md T-24. */
  @Test
  void refusesToContinueWhereTheModelWouldStartOver() {
    ollama.startsAnswersOver();
    assertThat(probe("gemma3:1b").continues()).isFalse();

    var refused = proxy.generate(continuation());

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().getString("code")).isEqualTo("cannot_continue");
    assertThat(ollama.chatCount()).isZero();
  }

  @Test
  void continuesAPartialAnswerLoadingTheModelFirst() {
    var call = proxy.generate(continuation());
    var chat = ollama.awaitChat();

    assertThat(chat.body().getJsonArray("messages").getJsonObject(1).getString("role"))
        .isEqualTo("assistant");
    chat.says("boo").finishes();
    call.awaitText("boo").next(Finished.class);
  }

  @Test
  void asksAThinkingModelToThinkAndDropsItsThoughts() {
    ollama.can("thinking");
    assertThat(probe("gemma3:1b").thinks()).isTrue();
    var call =
        proxy.generate(
            ProxyDriver.request(
                new GenerationOptions(
                    null, null, null, null, null, null, Think.LOW, null, null, null, null)));
    var chat = ollama.awaitChat();

    assertThat(chat.body().getString("think")).isEqualTo("low");
    chat.sends("{\"message\":{\"content\":\"\",\"thinking\":\"Hm.\"},\"done\":false}\n")
        .says("Bamboo")
        .finishes();
    call.awaitText("Bamboo").next(Finished.class);
  }

  @Test
  void findsAModelWhateverItsCaseAndWithoutItsTag() {
    var call = proxy.generate(of("TINY"));

    assertThat(ollama.awaitChat().body().getString("model")).isEqualTo("tiny:latest");
    call.leave();
  }

  @Test
  void saysThatAModelIsNotServed() {
    var refused = proxy.generate(of("nope"));
    var notProbed = proxy.call(HttpMethod.POST, "/models/nope/probe", "");

    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.json().getString("code")).isEqualTo("model_not_found");
    assertThat(notProbed.status()).isEqualTo(404);
  }

  @Test
  void findsAModelThatWasInstalledAMomentAgo() {
    assertThat(proxy.generate(of("later")).status()).isEqualTo(404);
    ollama.installs("later:latest");

    Await.until(
        () -> {
          var call = proxy.generate(of("later"));
          Await.until(() -> ollama.hasChat() || call.isRefused(), "an answer of any kind");
          return !call.isRefused();
        },
        "the model to be found");
    ollama.awaitChat().finishes();
  }

  @Test
  void looksForAModelOnlyWhereItIsInstalled() {
    var other = FakeOllama.startLoaded(VERTX);
    other.installs("special:1b");
    try (var two = ProxyDriver.start(Map.of(), ollama, other).knowingItsUpstreams()) {
      var call = two.generate(of("special:1b"));
      other.awaitChat().says("x").finishes();
      call.awaitText("x").next(Finished.class);

      assertThat(ollama.chatCount()).isZero();
      two.awaitIdle();
    } finally {
      other.close();
    }
  }

  @Test
  void showsAModelWhoseServersAreDownAsUnavailable() {
    assertThat(models()).isNotEmpty();
    ollama.goDown();
    assertThat(proxy.generate().status()).isEqualTo(503);

    Await.until(() -> models().getFirst().state() == State.UNAVAILABLE, "the list to be refreshed");

    ollama.comeBack();
  }

  @Test
  void failsWhoWaitsForALoadThatFails() {
    ollama.failsToLoad();

    var call = proxy.generate();

    var failure = call.next(Failed.class).failure();
    assertThat(failure.code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
  }

  private List<ServedModel> models() {
    return models(proxy);
  }

  private static List<ServedModel> models(ProxyDriver driver) {
    return Wire.decode(
            Buffer.buffer(driver.call(HttpMethod.GET, "/models", "").text()),
            ServedModel.Page.class)
        .data();
  }

  private ServedModel probe(String model) {
    var answer = proxy.call(HttpMethod.POST, "/models/" + model + "/probe", "");
    assertThat(answer.status()).isEqualTo(200);
    return Wire.decode(Buffer.buffer(answer.text()), ServedModel.class);
  }

  private static GenerationRequest of(String model) {
    var base = ProxyDriver.request();
    return new GenerationRequest(
        base.tenant(),
        null,
        model,
        base.messages(),
        base.options(),
        false,
        Priority.INTERACTIVE,
        60_000);
  }

  private static GenerationRequest continuation() {
    return new GenerationRequest(
        "default",
        null,
        "gemma3:1b",
        List.of(new ChatMessage(Role.USER, "Food?"), new ChatMessage(Role.ASSISTANT, "Bam")),
        GenerationOptions.NONE,
        true,
        Priority.CONTINUATION,
        60_000);
  }
}
