package dev.penstock.simulator.wire;

import io.vertx.core.buffer.Buffer;
import java.io.Serial;

/**
 * A refusal in Ollama's form: a status and {@code {"error":"…"}} with the texts of its version
 * 0.32.15.
 */
public final class OllamaError extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Of an engine that dies before it answered. */
  public static final String RUNNER_STOPPED =
      "model runner has unexpectedly stopped, this may be due to resource limitations or an"
          + " internal error, check ollama server logs for details";

  /** Of an engine that dies while it answers. */
  public static final String RUNNER_DIED =
      "an error was encountered while running the model: unexpected EOF";

  private final int status;

  /** A refusal with this text. */
  public OllamaError(int status, String text) {
    super(text, null, false, false);
    this.status = status;
  }

  /** 400. */
  public static OllamaError badRequest(String text) {
    return new OllamaError(400, text);
  }

  /** 404 of chat, generate and show. */
  public static OllamaError modelNotFound(String name) {
    return new OllamaError(404, "model '" + name + "' not found");
  }

  /** 503: more requests wait for a load than {@code OLLAMA_MAX_QUEUE}. */
  public static OllamaError busy() {
    return new OllamaError(
        503, "server busy, please try again.  maximum pending requests exceeded");
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The JSON body, without a line's end. */
  public Buffer body() {
    return body(String.valueOf(getMessage()));
  }

  /** The JSON body with any text. */
  public static Buffer body(String text) {
    var json = new StringBuilder("{\"error\":");
    GoJson.appendString(json, text);
    return Buffer.buffer(json.append('}').toString());
  }
}
