package dev.penstock.gateway.nativeapi;

import dev.penstock.gateway.store.Export;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Carries one export to its client at the client's pace. An export that cannot be finished resets
 * the connection, so that a torn document never passes for a whole one.
 */
final class ExportRelay {
  private final ExportTranscoder transcoder = new ExportTranscoder();
  private final HttpServerResponse client;
  private final RoutingContext ctx;
  private final Export export;
  private boolean over;

  ExportRelay(RoutingContext ctx, Export export) {
    this.ctx = ctx;
    this.client = ctx.response();
    this.export = export;
  }

  void run() {
    client.closeHandler(_ -> stop());
    client.exceptionHandler(_ -> stop());
    export.body().handler(this::piece);
    export.body().exceptionHandler(this::broken);
    export.body().endHandler(_ -> end());
    export.body().resume();
  }

  private void piece(Buffer piece) {
    if (over) {
      return;
    }
    try {
      var ready = transcoder.feed(piece);
      if (ready.length() > 0) {
        client.write(ready);
      }
    } catch (RuntimeException e) {
      broken(e);
      return;
    }
    if (client.writeQueueFull()) {
      export.body().pause();
      client.drainHandler(_ -> export.body().resume());
    }
  }

  private void end() {
    if (over) {
      return;
    }
    if (transcoder.complete()) {
      over = true;
      client.end();
    } else {
      broken(new IllegalStateException("the export ended too early"));
    }
  }

  private void broken(Throwable cause) {
    if (!over) {
      stop();
      ctx.fail(cause);
    }
  }

  private void stop() {
    if (!over) {
      over = true;
      export.cancel();
    }
  }
}
