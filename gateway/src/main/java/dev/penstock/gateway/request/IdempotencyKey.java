package dev.penstock.gateway.request;

import dev.penstock.gateway.problem.Problems;
import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;

/**
 * The key under which a request is accepted once (turns.md T-5).
 *
 * @param value the client's, or one made here that no client can send
 * @param fromClient whether the client sent it
 */
public record IdempotencyKey(String value, boolean fromClient) {
  /** The request header. */
  public static final String HEADER = "Idempotency-Key";

  private static final int MAX_LENGTH = 255;
  private static final String MADE = "made ";

  /** Whether a client sent that key: whatever else has it is a repetition. */
  public static boolean isClients(String value) {
    return !value.startsWith(MADE);
  }

  /**
   * The request's key, or a new one.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 unless the header appears at most once
   *     with 1 to 255 visible ASCII characters
   */
  public static IdempotencyKey of(HttpServerRequest request) {
    var given = request.headers().getAll(HEADER);
    if (given.isEmpty()) {
      // A space is not visible ASCII, so no client's key can ever equal this one.
      return new IdempotencyKey(MADE + UUID.randomUUID(), false);
    }
    var key = given.getFirst();
    if (given.size() > 1 || !wellFormed(key)) {
      throw Problems.invalid(HEADER, "one value of 1 to 255 visible ASCII characters");
    }
    return new IdempotencyKey(key, true);
  }

  private static boolean wellFormed(String key) {
    return !key.isEmpty()
        && key.length() <= MAX_LENGTH
        && key.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }
}
