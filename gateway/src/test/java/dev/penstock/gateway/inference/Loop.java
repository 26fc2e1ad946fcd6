package dev.penstock.gateway.inference;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One event loop, driven from the test's thread. */
public final class Loop {
  private final Context context;

  public Loop(Vertx vertx) {
    context = ((VertxInternal) vertx).createEventLoopContext();
  }

  public <T> T call(Supplier<T> work) {
    var done = new CompletableFuture<T>();
    context.runOnContext(
        _ -> {
          try {
            done.complete(work.get());
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        });
    return done.orTimeout(20, TimeUnit.SECONDS).join();
  }

  public void run(Runnable work) {
    call(
        () -> {
          work.run();
          return true;
        });
  }
}
