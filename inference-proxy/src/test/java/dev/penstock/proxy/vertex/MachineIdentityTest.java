package dev.penstock.proxy.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.proxy.Await;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** gemini-api.md section 10.1. */
class MachineIdentityTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Context CONTEXT = VERTX.getOrCreateContext();
  private static final long LIFE_MS = 3_600_000;

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger status = new AtomicInteger(200);
  private HttpServer metadata;
  private MachineIdentity identity;

  @BeforeEach
  void start() {
    metadata =
        Await.done(
            VERTX
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .response()
                            .setStatusCode(status.get())
                            .end(
                                new JsonObject()
                                    .put("access_token", "token-" + asked.incrementAndGet())
                                    .put("expires_in", LIFE_MS / 1_000)
                                    .toBuffer()))
                .listen(0, "127.0.0.1"));
    identity =
        new MachineIdentity(
            VERTX.createHttpClient(), "127.0.0.1:" + metadata.actualPort(), now::get);
  }

  @AfterEach
  void end() {
    Await.done(metadata.close());
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  @Test
  void asksOnceForManyRequestsAndKeepsTheAnswer() {
    var signed = new ArrayList<Future<RequestOptions>>();
    Await.done(
        onLoop(
            () -> {
              for (var i = 0; i < 5; i++) {
                signed.add(identity.sign(new RequestOptions()));
              }
              return Future.all(signed);
            }));

    assertThat(authorization()).isEqualTo("Bearer token-1");
    assertThat(asked).hasValue(1);
  }

  @Test
  void refreshesEarlyWhileItUsesTheOldOne() {
    assertThat(authorization()).isEqualTo("Bearer token-1");

    now.set(LIFE_MS - 226_000);
    assertThat(authorization()).isEqualTo("Bearer token-1");
    assertThat(asked).hasValue(1);
    now.set(LIFE_MS - 224_000);
    assertThat(authorization()).isEqualTo("Bearer token-1");

    Await.until(() -> authorization().equals("Bearer token-2"), "the new token");
    assertThat(asked).hasValue(2);
  }

  @Test
  void usesNoneThatIsAboutToEndAndNoneThatWasRefused() {
    assertThat(authorization()).isEqualTo("Bearer token-1");

    now.set(LIFE_MS - 180_000);
    assertThat(authorization()).isEqualTo("Bearer token-2");
    Await.done(
        onLoop(
            () -> {
              identity.refused();
              return Future.succeededFuture();
            }));
    assertThat(authorization()).isEqualTo("Bearer token-3");
  }

  @Test
  void isNobodyWhereNobodyTells() {
    status.set(503);

    assertThatThrownBy(this::authorization)
        .rootCause()
        .isInstanceOfSatisfying(
            SetbackException.class,
            failure -> assertThat(failure.setback().kind()).isEqualTo(Setback.Kind.UNREACHABLE));
  }

  private String authorization() {
    var signed = Await.done(onLoop(() -> identity.sign(new RequestOptions())));
    return signed.getHeaders().get("Authorization");
  }

  private static <T> Future<T> onLoop(Supplier<Future<T>> action) {
    Promise<T> done = Promise.promise();
    CONTEXT.runOnContext(_ -> action.get().onComplete(done));
    return done.future();
  }
}
