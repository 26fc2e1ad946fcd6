package dev.penstock.gateway.inference;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads what a proxy answers instead of a stream: a problem document, or whatever it was. */
final class Refusal {
  private record Document(
      @Nullable FailureCode code, @Nullable String detail, @Nullable Long retryAfterMs) {}

  private Refusal() {}

  /** The failure that an answer with {@code status} other than 200 tells. */
  static Failure of(int status, Buffer body) {
    try {
      var document = Wire.decode(body, Document.class);
      var code = document.code();
      if (code != null) {
        var detail = document.detail();
        return new Failure(
            code,
            detail == null ? code.title() + "." : detail,
            code.retryable(),
            document.retryAfterMs());
      }
    } catch (Wire.MalformedWireException e) {
      // Not our proxy's own words, so perhaps something in between: the status has to do.
    }
    return status == 429 || status == 503
        ? Failure.retryAfter(
            FailureCode.NO_CAPACITY, "The inference proxy takes nothing now.", 2_000)
        : Failure.of(
            FailureCode.UPSTREAM_PROTOCOL,
            "The inference proxy answered something that cannot be understood; try again.");
  }
}
