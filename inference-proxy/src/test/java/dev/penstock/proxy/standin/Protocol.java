package dev.penstock.proxy.standin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a kind of model server says, and how it says it. */
public interface Protocol {
  /** The word of the configuration. */
  String kind();

  /** The rest of the upstream's entry in the configuration, each member after a comma. */
  default String members() {
    return "";
  }

  /** What the upstream's URL has after its port. */
  default String path() {
    return "";
  }

  /** The answer to what is no generation; null for a generation. */
  @Nullable JsonObject aside(HttpServerRequest request, JsonObject body);

  String contentType();

  /** A piece of an answer. */
  String delta(String text);

  /** What comes before the end of the body. */
  String end(boolean atItsBound, int inputTokens, int outputTokens);

  /** An error in the middle of an answer. */
  String brokenOff();

  /** A piece that is not of this protocol. */
  String garbage();

  /** The body of a refusal. */
  String refusal(int status, String message);

  /** What it says of a prompt that is too long, with status 400. */
  String tooLong();

  /** The text of the last message it was sent, as the protocol has it. */
  String lastText(JsonObject body);
}
