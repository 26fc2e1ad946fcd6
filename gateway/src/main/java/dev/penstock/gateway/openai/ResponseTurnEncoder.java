package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.sse.SseWriter;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.gateway.turns.AppendingEncoder;
import dev.penstock.gateway.turns.LogView;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stored turn as a response's events, whose numbers are a function of the log
 * (openai-api.md section 8.6): 0 created, 1 in_progress, 2 output_item.added, 3 content_part.added;
 * the delta with seq <i>s</i> is <i>s</i> + 3; of the end with seq <i>T</i>, <i>T</i> + 3 is
 * output_text.done, <i>T</i> + 4 content_part.done, <i>T</i> + 5 output_item.done, then come calls
 * of tools, four events each, and completed or incomplete. A failure alone is <i>T</i> + 3. Where
 * there are calls and no text, there is no message, and they follow number 1.
 */
final class ResponseTurnEncoder implements AppendingEncoder {
  /** Events before the first delta, less one: deltas count from 1. */
  private static final int BEFORE_TEXT = 3;

  /** Events from the end's number on that repeat the text. */
  private static final int REPEATS = 3;

  private final StoredResponse response;
  private final ResponseEvents events;

  ResponseTurnEncoder(StoredResponse response) {
    this.response = response;
    this.events = new ResponseEvents(response.json());
  }

  @Override
  public boolean append(Buffer out, int number, LogView log) {
    switch (number) {
      case 0 -> events.created(out, number);
      case 1 -> events.inProgress(out, number);
      default -> {
        var end = log.terminal();
        var calls = end == null ? List.<ToolCall>of() : response.told(end);
        var deltas = end == null ? log.last() : log.last() - 1;
        if (deltas == 0 && (end == null || !calls.isEmpty())) {
          return end != null && outcome(out, number, number - 2, 0, calls, end, log);
        }
        return message(out, number, deltas, calls, end, log);
      }
    }
    return true;
  }

  private boolean message(
      Buffer out,
      int number,
      int deltas,
      List<ToolCall> calls,
      @Nullable TerminalEvent end,
      LogView log) {
    var seq = number - BEFORE_TEXT;
    if (number == 2) {
      events.messageAdded(out, number);
    } else if (number == BEFORE_TEXT) {
      events.partAdded(out, number);
    } else if (seq <= deltas) {
      events.delta(out, number, log.text(), log.end(seq - 1), log.end(seq));
    } else if (end == null) {
      return false;
    } else {
      return ended(out, number, seq - log.last(), calls, end, log);
    }
    return true;
  }

  /**
   * @param which counts from the end's own number
   */
  private boolean ended(
      Buffer out, int number, int which, List<ToolCall> calls, TerminalEvent end, LogView log) {
    if (end instanceof TerminalEvent.Failed || end instanceof TerminalEvent.Interrupted) {
      return outcome(out, number, which, 0, List.of(), end, log);
    }
    switch (which) {
      case 0 -> events.textDone(out, number, text(log), List.of());
      case 1 -> events.partDone(out, number, text(log), List.of());
      case 2 ->
          events.messageDone(out, number, StoredResponse.itemStatus(end), text(log), List.of());
      default -> {
        return outcome(out, number, which - REPEATS, 1, calls, end, log);
      }
    }
    return true;
  }

  private boolean outcome(
      Buffer out,
      int number,
      int which,
      int items,
      List<ToolCall> calls,
      TerminalEvent end,
      LogView log) {
    var ofCalls = calls.size() * ResponseEvents.PER_CALL;
    if (which < ofCalls) {
      var call = which / ResponseEvents.PER_CALL;
      events.call(out, number, items + call, calls.get(call), which % ResponseEvents.PER_CALL);
      return true;
    }
    if (which > ofCalls) {
      return false;
    }
    events.state(out, number, word(end), response.ended(end, text(log)));
    return true;
  }

  private static String word(TerminalEvent end) {
    return switch (end) {
      case TerminalEvent.Completed done -> ResponseJson.status(done.finishReason());
      case TerminalEvent.Cancelled _ -> "incomplete";
      case TerminalEvent.Failed _, TerminalEvent.Interrupted _ -> "failed";
    };
  }

  private static String text(LogView log) {
    return new String(log.text(), 0, log.end(log.last()), StandardCharsets.UTF_8);
  }

  @Override
  public Buffer keepAlive() {
    return SseWriter.keepAlive();
  }
}
