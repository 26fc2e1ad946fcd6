package dev.penstock.gateway.store;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.ReadStream;

/**
 * An export under way: {@code {session, messages, turns}} as session-service writes it, turns in
 * their internal form. Whoever holds it reads {@link #body} to its end or calls {@link #cancel}.
 */
public final class Export {
  private final HttpClientResponse response;

  Export(HttpClientResponse response) {
    this.response = response;
  }

  /** The document's bytes, paused until somebody reads. */
  public ReadStream<Buffer> body() {
    return response;
  }

  /** Stops reading; session-service stops writing. */
  public void cancel() {
    response.request().reset();
  }
}
