package dev.penstock.gateway.page.fake;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the model does with a turn.
 *
 * @param queue places told before the first delta, the last one until the test releases it
 * @param deltas the answer, as it comes
 * @param paceMs time between deltas
 * @param holds numbers of deltas after which it waits for the test to release it
 * @param outcome the terminal event's name
 * @param failure code of a {@code turn.failed}
 */
public record Script(
    List<JsonObject> queue,
    List<String> deltas,
    int paceMs,
    Set<Integer> holds,
    String outcome,
    String finishReason,
    @Nullable String failure) {

  /** Answers with {@code text}, four characters every two milliseconds. */
  public static Script answer(String text) {
    var deltas = text.isEmpty() ? List.<String>of() : List.of(text.split("(?s)(?<=\\G.{4})"));
    return new Script(List.of(), deltas, 2, Set.of(), "turn.completed", "stop", null);
  }

  /**
   * Words that name their own place, so that a gap, a repeat or a tear is seen: {@code n0 n1 …}.
   */
  public static String counted(int words) {
    var text = new StringBuilder();
    for (var word = 0; word < words; word++) {
      text.append('n').append(word).append(word % 40 == 39 ? "\n\n" : " ");
    }
    return text.toString().strip();
  }

  public Script paced(int millis) {
    return new Script(queue, deltas, millis, holds, outcome, finishReason, failure);
  }

  /** Stops after each of these numbers of deltas until the test releases it. */
  public Script heldAfter(Integer... counts) {
    return new Script(queue, deltas, paceMs, Set.of(counts), outcome, finishReason, failure);
  }

  /** Waits in the queue first, until the test releases it. */
  public Script queued(String reason, int position, long expectedWaitMs) {
    var place =
        new JsonObject()
            .put("reason", reason)
            .put("position", position)
            .put("expected_wait_ms", expectedWaitMs);
    return new Script(List.of(place), deltas, paceMs, holds, outcome, finishReason, failure);
  }

  /** Breaks with that code after its deltas. */
  public Script failing(String code) {
    return new Script(queue, deltas, paceMs, holds, "turn.failed", finishReason, code);
  }

  /** Nobody could go on with it after its deltas. */
  public Script interrupted() {
    return new Script(queue, deltas, paceMs, holds, "turn.interrupted", finishReason, failure);
  }

  /** Ends for another reason than {@code stop}. */
  public Script ending(String reason) {
    return new Script(queue, deltas, paceMs, holds, outcome, reason, failure);
  }
}
