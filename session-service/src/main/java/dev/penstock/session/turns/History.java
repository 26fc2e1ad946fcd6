package dev.penstock.session.turns;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.session.database.Columns;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a session goes to the model (turns.md T-3, T-17).
 *
 * <p>Each turn gives its user message and its newest non-empty answer; a turn without an answer
 * gives nothing. When that outgrows {@link #MAX_BYTES}, whole turns are cut off at the old end
 * until a quarter is free again: a window that slides with every turn would miss the model's prefix
 * cache every time.
 *
 * @param messages alternating, user first
 * @param from ordinal of the first message that still goes to the model
 * @param bytes UTF-8 length of the texts
 */
public record History(List<ChatMessage> messages, int from, long bytes) {
  /** Most that goes to the model, the new user message included. */
  static final long MAX_BYTES = 1 << 20;

  private static final long AFTER_CUT_BYTES = MAX_BYTES / 4 * 3;

  /** Columns of {@link #FROM_SESSION}, in the order {@link #read} takes them. */
  static final String COLUMNS = "history.ordinals, history.roles, history.texts, history.bytes";

  /** Joins what a row of {@code session} says so far. */
  static final String FROM_SESSION =
      """
      CROSS JOIN LATERAL (
        SELECT array_agg(ordinal) AS ordinals, array_agg(role) AS roles, array_agg(text) AS texts,
          array_agg(octet_length(text)) AS bytes
        FROM (
          SELECT ordinal, role, text FROM message
          WHERE message.tenant_id = session.tenant_id AND message.session_id = session.id
            AND message.ordinal >= session.history_from
            AND NOT message.withdrawn AND NOT message.superseded
          ORDER BY message.ordinal
        ) AS shown
      ) AS history
      """;

  /** {@code $1} tenant, {@code $2} session. */
  static final String SELECT =
      "SELECT "
          + COLUMNS
          + " FROM session "
          + FROM_SESSION
          + "WHERE session.tenant_id = $1 AND session.id = $2";

  record Entry(int ordinal, Role role, String text, long bytes) {}

  private record Exchange(Entry question, Entry answer) {
    long bytes() {
      return question.bytes + answer.bytes;
    }
  }

  static List<Entry> read(Columns in) {
    var ordinals = in.numbers();
    var roles = in.texts();
    var texts = in.texts();
    var bytes = in.numbers();
    var entries = new ArrayList<Entry>(ordinals.size());
    for (var i = 0; i < ordinals.size(); i++) {
      entries.add(
          new Entry(
              ordinals.get(i),
              Columns.constant(Role.class, roles.get(i)),
              texts.get(i),
              bytes.get(i)));
    }
    return entries;
  }

  /**
   * The turns before a new one.
   *
   * @param before ordinal of the new turn's user message
   * @param newBytes length of what the new turn adds
   */
  static History of(List<Entry> entries, int before, long newBytes) {
    var exchanges = exchanges(entries, before);
    var bytes = newBytes + exchanges.stream().mapToLong(Exchange::bytes).sum();
    var first = 0;
    if (bytes > MAX_BYTES) {
      while (first < exchanges.size() && bytes > AFTER_CUT_BYTES) {
        bytes -= exchanges.get(first++).bytes();
      }
    }
    var kept = exchanges.subList(first, exchanges.size());
    var messages = new ArrayList<ChatMessage>(2 * kept.size() + 3);
    for (var exchange : kept) {
      messages.add(new ChatMessage(Role.USER, exchange.question.text));
      messages.add(new ChatMessage(Role.ASSISTANT, exchange.answer.text));
    }
    return new History(messages, from(entries, exchanges, first, before), bytes);
  }

  /** The whole prompt: system text first, the new user message last, or the text to go on from. */
  List<ChatMessage> prompt(@Nullable String instruction, String question, @Nullable String prefix) {
    var prompt = new ArrayList<ChatMessage>(messages.size() + 3);
    if (instruction != null) {
      prompt.add(new ChatMessage(Role.SYSTEM, instruction));
    }
    prompt.addAll(messages);
    prompt.add(new ChatMessage(Role.USER, question));
    if (prefix != null) {
      prompt.add(new ChatMessage(Role.ASSISTANT, prefix));
    }
    return prompt;
  }

  // What was cut stays cut; without a cut the start stays where it was.
  private static int from(List<Entry> entries, List<Exchange> exchanges, int first, int before) {
    if (first > 0) {
      return first < exchanges.size() ? exchanges.get(first).question.ordinal : before;
    }
    return entries.isEmpty() ? 1 : Math.min(entries.getFirst().ordinal, before);
  }

  private static List<Exchange> exchanges(List<Entry> entries, int before) {
    var exchanges = new ArrayList<Exchange>();
    Entry question = null;
    for (var entry : entries) {
      if (entry.ordinal >= before) {
        break;
      }
      if (entry.role == Role.USER) {
        question = entry;
      } else if (question != null && !entry.text.isEmpty()) {
        exchanges.add(new Exchange(question, entry));
        question = null;
      }
    }
    return exchanges;
  }
}
