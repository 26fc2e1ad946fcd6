package dev.penstock.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Renewal;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.inference.Loop;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionStoreTest {
  private static final Caller CALLER = Caller.SINGLE_TENANT;
  private static final UUID ID = UUID.randomUUID();

  private final Vertx vertx = Vertx.vertx();
  private final Loop loop = new Loop(vertx);
  private final StoreLoad load = new StoreLoad();
  private FakeSessionService first;
  private FakeSessionService second;

  @BeforeEach
  void start() {
    first = new FakeSessionService(vertx);
    second = new FakeSessionService(vertx);
  }

  @AfterEach
  void stop() {
    FakeSessionService.await(vertx.close());
  }

  @Test
  void staysWithOneAddressPerSession() {
    var store = store(first.address(), second.address());

    for (var i = 0; i < 20; i++) {
      failure(() -> store.session(CALLER, ID));
    }

    assertThat(List.of(first.asked().size(), second.asked().size()))
        .containsExactlyInAnyOrder(20, 0);
  }

  @Test
  void spreadsSessionsOverAddresses() {
    var store = store(first.address(), second.address());

    for (var i = 0; i < 60; i++) {
      failure(() -> store.session(CALLER, UUID.randomUUID()));
    }

    assertThat(first.asked().size()).isBetween(10, 50);
  }

  @Test
  void goesToTheNextAddressWhereNobodyListens() throws IOException {
    var session = first.add("there");
    var store = store(deadAddress(), first.address(), deadAddress());

    for (var i = 0; i < 5; i++) {
      assertThat(result(() -> store.session(CALLER, session.id())).title()).isEqualTo("there");
    }
  }

  @Test
  void saysThatTheStoreIsUnavailableWhereNobodyListensAnywhere() throws IOException {
    var store = store(deadAddress(), deadAddress());

    var failure = failure(() -> store.session(CALLER, ID));

    assertThat(failure.code()).isEqualTo(FailureCode.STORE_UNAVAILABLE);
    assertThat(failure.retryAfterMs()).isPositive();
    assertThat(failure.detail()).doesNotContain("127.0.0.1", "refused");
  }

  @Test
  void repeatsOnTheNextAddressWhatIsTheSameTwice() {
    first.behaves(request -> request.connection().close());
    second.behaves(request -> FakeSessionService.answer(request, 200, new Poll.Result(List.of())));
    var store = store(first.address(), second.address());

    assertThat(result(() -> store.poll(new Poll(List.of()))).turns()).isEmpty();
    assertThat(second.asked()).hasSize(1);
  }

  @Test
  void doesNotRepeatAChangeWhoseFateIsUnknown() {
    first.behaves(request -> request.connection().close());
    second.behaves(request -> request.connection().close());
    var store = store(first.address(), second.address());

    var failure = failure(() -> store.patch(CALLER, ID, Wire.JSON.createObjectNode(), "\"1\""));

    assertThat(failure.code()).isEqualTo(FailureCode.STORE_UNAVAILABLE);
    assertThat(first.asked().size() + second.asked().size()).isEqualTo(1);
  }

  @Test
  void givesUpOnAStoreThatStaysSilent() {
    first.behaves(SessionStoreTest::silent);
    var store = store(first.address());

    assertThat(failure(() -> store.session(CALLER, ID)).code())
        .isEqualTo(FailureCode.STORE_UNAVAILABLE);
    assertThat(first.asked()).hasSize(1);
  }

  @Test
  void carriesRefusalsAsTheyAre() {
    first.behaves(request -> FakeSessionService.refuse(request, FailureCode.VERSION_MISMATCH));
    var store = store(first.address());

    var failure = failure(() -> store.patch(CALLER, ID, Wire.JSON.createObjectNode(), "\"1\""));

    assertThat(failure)
        .isEqualTo(Failure.of(FailureCode.VERSION_MISMATCH, "Said by session-service."));
    assertThat(first.lastAsked().headers().get("If-Match")).isEqualTo("\"1\"");
  }

  @Test
  void renewsTheLeaseWhileEverythingElseWaits() {
    first.behaves(SessionStoreTest::silent);
    var store = store(first.address());

    var waiting = loop.call(() -> store.session(CALLER, ID));
    var flushing = loop.call(() -> store.flush(new Flush(ID, List.of(), List.of())));
    var renewed = result(() -> store.renew(ID, new Renewal(List.of(), List.of(), false)));

    assertThat(renewed.liveGateways()).isEqualTo(1);
    assertThat(waiting.isComplete()).isFalse();
    assertThat(flushing.isComplete()).isFalse();
    assertThat(load.of(Lane.FOREGROUND)).isEqualTo(1);
    assertThat(load.of(Lane.LOG)).isEqualTo(1);
    Awaitility.await().until(() -> load.of(Lane.FOREGROUND) + load.of(Lane.LOG) == 0);
  }

  @Test
  void refusesMoreThanItsQueueHolds() {
    first.behaves(SessionStoreTest::silent);
    var store = store(first.address());

    var calls = new java.util.ArrayList<Future<Session>>();
    for (var i = 0; i < 4; i++) {
      calls.add(loop.call(() -> store.session(CALLER, ID)));
    }

    // One is on its way, two wait, the fourth is one too many.
    Awaitility.await().until(() -> calls.get(3).failed());
    assertThat(calls.get(3).cause()).isInstanceOf(FailureException.class);
    assertThat(calls.get(0).isComplete()).isFalse();
  }

  @Test
  void namesThePersonInAFormThatAHeaderCanCarry() {
    var store = store(first.address());

    failure(() -> store.session(new Caller("acme", "Zoë 100%"), ID));

    assertThat(first.lastAsked().headers().get("Penstock-Tenant")).isEqualTo("acme");
    assertThat(first.lastAsked().headers().get("Penstock-User")).isEqualTo("Zo%C3%AB%20100%25");
  }

  private static void silent(HttpServerRequest request) {
    assertThat(request.response().ended()).isFalse();
  }

  private SessionStore store(URI... addresses) {
    var config =
        new StoreConfig(
            List.of(addresses),
            1,
            1,
            2,
            Duration.ofMillis(500),
            Duration.ofMillis(800),
            Duration.ofMillis(800));
    return loop.call(
        () -> new SessionStore(vertx, config, load, ServiceIdentity.NONE, Tracing.OFF));
  }

  private <T> T result(Supplier<Future<T>> call) {
    return loop.call(call)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(5, TimeUnit.SECONDS)
        .join();
  }

  private Failure failure(Supplier<? extends Future<?>> call) {
    try {
      loop.call(call)
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(5, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof FailureException known) {
        return known.failure();
      }
      throw e;
    }
    throw new AssertionError("it succeeded");
  }

  private static URI deadAddress() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }
}
