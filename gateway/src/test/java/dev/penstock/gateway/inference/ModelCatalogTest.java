package dev.penstock.gateway.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.ServedModel.State;
import dev.penstock.gateway.identity.ServiceIdentity;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ModelCatalogTest {
  private static final Vertx VERTX = Vertx.vertx();

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterAll
  static void stop() {
    FakeProxy.await(VERTX.close());
  }

  @AfterEach
  void close() throws Exception {
    for (var each : opened) {
      each.close();
    }
  }

  @Test
  void listsTheModelsOfAllProxiesEachOnce() {
    var first = proxy(model("a", State.LOADING, true, null), model("b", State.READY, false, true));
    var second = proxy(model("a", State.READY, true, true), model("c", State.READY, true, false));

    var catalog = catalog(first.address(), second.address());

    assertThat(catalog.models())
        .containsExactly(
            model("a", State.READY, true, true),
            model("b", State.READY, false, true),
            model("c", State.READY, false, false));
    assertThat(catalog.defaultModel()).contains(model("a", State.READY, true, true));
    assertThat(catalog.find("b")).contains(model("b", State.READY, false, true));
    assertThat(catalog.find("d")).isEmpty();
    assertThat(catalog.known()).isTrue();
  }

  /** T-24: a turn may land on either pool. */
  @Test
  void saysAModelContinuesOnlyIfNoProxySaysItDoesNot() {
    var first = proxy(model("a", State.READY, true, true));
    var second = proxy(model("a", State.READY, true, false));

    assertThat(catalog(first.address(), second.address()).find("a").orElseThrow().continues())
        .isFalse();
  }

  @Test
  void keepsTheModelsOfALostProxyAsUnavailable() {
    var proxy = proxy(model("a", State.READY, true, true));
    var catalog = catalog(proxy.address());
    proxy.close();
    opened.remove(proxy);

    FakeProxy.await(catalog.refresh());

    assertThat(catalog.models()).containsExactly(model("a", State.UNAVAILABLE, true, true));
  }

  @Test
  void looksAgainByItself() {
    var proxy = proxy();
    var catalog = catalog(proxy.address());
    assertThat(catalog.models()).isEmpty();
    assertThat(catalog.defaultModel()).isEmpty();

    proxy.serves(model("a", State.READY, true, null));

    Awaitility.await().until(() -> catalog.find("a").isPresent());
  }

  @Test
  void knowsNothingBeforeAProxyAnswered() {
    var gone = proxy();
    var address = gone.address();
    gone.close();
    opened.remove(gone);

    assertThat(catalog(address).known()).isFalse();
  }

  /** Again and again, as its answer may come before it is waited for. */
  @RepeatedTest(20)
  void probesAModelWhoseNameHasAColonAndASlash() {
    var proxy = proxy(model("hf.co:gemma", State.READY, true, null));
    var catalog = catalog(proxy.address());
    proxy.serves(model("hf.co:gemma", State.READY, true, true));

    assertThat(FakeProxy.await(catalog.probe("hf.co:gemma")).continues()).isTrue();
    assertThat(catalog.find("hf.co:gemma").orElseThrow().continues()).isTrue();
  }

  @Test
  void refusesToProbeAnUnknownModel() {
    var catalog = catalog(proxy().address());

    assertThatThrownBy(() -> FakeProxy.await(catalog.probe("nope")))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            FailureException.class,
            failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.MODEL_NOT_FOUND));
  }

  private FakeProxy proxy(ServedModel... models) {
    var proxy = new FakeProxy(VERTX).serves(models);
    opened.add(proxy);
    return proxy;
  }

  private ModelCatalog catalog(URI... proxies) {
    var catalog =
        new ModelCatalog(
            VERTX,
            new InferenceConfig(
                List.of(proxies),
                4,
                4,
                Duration.ofSeconds(1),
                Duration.ofSeconds(15),
                Duration.ofMillis(100)),
            ServiceIdentity.NONE);
    opened.add(catalog::close);
    FakeProxy.await(catalog.refresh());
    return catalog;
  }

  private static ServedModel model(
      String id, State state, boolean isDefault, @Nullable Boolean continues) {
    return new ServedModel(
        id,
        1741824000,
        "library",
        ServedModel.Kind.SELF_HOSTED,
        state,
        isDefault,
        32_768,
        8_192,
        continues,
        false);
  }
}
