package dev.penstock.session.turns;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.session.database.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of a conversation goes to the model (turns.md T-3, T-17).
 *
 * <p>Each turn gives its input and its newest answer; a turn without an answer gives nothing, and a
 * message of no turn gives itself. When that outgrows {@link #MAX_BYTES}, whole turns are cut off
 * at the old end until a quarter is free again: a window that slides with every turn would miss the
 * model's prefix cache every time.
 *
 * @param messages in order; one person's and one model's alternate
 * @param from ordinal of the first message that still goes to the model
 * @param bytes UTF-8 length of the texts
 */
public record History(List<ChatMessage> messages, int from, long bytes) {
  /** Most that goes to the model, the new input included. */
  static final long MAX_BYTES = 1 << 20;

  private static final long AFTER_CUT_BYTES = MAX_BYTES / 4 * 3;

  /** Columns of the joins, in the order {@link #read} takes them. */
  static final String COLUMNS =
      """
      history.ids, history.turns, history.answers, history.ordinals, history.roles, history.texts,
        history.calls, history.call_ids, history.tools, history.bytes
      """;

  private static final String AGGREGATED =
      """
      SELECT array_agg(id) AS ids, array_agg(turn_id) AS turns, array_agg(answers) AS answers,
        array_agg(ordinal) AS ordinals, array_agg(role) AS roles, array_agg(text) AS texts,
        array_agg(tool_calls::text) AS calls, array_agg(tool_call_id) AS call_ids,
        array_agg(tool_name) AS tools,
        array_agg(octet_length(text) + coalesce(octet_length(tool_calls::text), 0)) AS bytes
      FROM (%s ORDER BY ordinal) AS shown
      """;

  private static final String SHOWN =
      "NOT message.withdrawn AND NOT message.superseded AND NOT message.removed";

  /** Joins what a row of {@code session} says so far. */
  static final String FROM_SESSION =
      "CROSS JOIN LATERAL ("
          + AGGREGATED.formatted(
              """
              SELECT * FROM message
              WHERE message.tenant_id = session.tenant_id AND message.session_id = session.id
                AND message.ordinal >= session.history_from AND
              """
                  + SHOWN)
          + ") AS history ";

  /** {@code $1} tenant, {@code $2} session. */
  static final String OF_SESSION =
      "SELECT "
          + COLUMNS
          + " FROM session "
          + FROM_SESSION
          + "WHERE session.tenant_id = $1 AND session.id = $2";

  /** {@code $1} tenant, {@code $2} turn: its transcript and what came before it. */
  static final String UP_TO_TURN = "SELECT " + COLUMNS + " FROM (" + upTo("$2") + ") AS history";

  /** The rows that {@link #UP_TO_TURN} is made of, for the turn of that parameter. */
  static String upTo(String turn) {
    // A turn of a session has the session's earlier messages before it; the chain ends with it.
    return AGGREGATED.formatted(
        """
        WITH RECURSIVE chain AS (
          SELECT id, session_id, parent_turn_id, ordinal, inputs, history_from FROM turn
          WHERE tenant_id = $1 AND id = %s
          UNION ALL
          SELECT turn.id, turn.session_id, turn.parent_turn_id, turn.ordinal, turn.inputs,
            chain.history_from
          FROM turn JOIN chain ON turn.id = chain.parent_turn_id
          WHERE turn.tenant_id = $1 AND chain.session_id IS NULL
            AND chain.ordinal > chain.history_from
        )
        SELECT message.* FROM chain
        JOIN message ON message.turn_id = chain.id AND message.session_id IS NULL
        WHERE chain.session_id IS NULL AND message.tenant_id = $1
          AND message.ordinal >= chain.history_from AND %s
        UNION ALL
        SELECT message.* FROM chain
        JOIN message ON message.session_id = chain.session_id
          AND message.ordinal <= chain.ordinal + chain.inputs
        WHERE message.tenant_id = $1 AND message.ordinal >= chain.history_from AND %s
        """
            .formatted(turn, SHOWN, SHOWN));
  }

  /**
   * A stored message.
   *
   * @param answers the message of the input that this one answers; null for what is no answer
   */
  record Entry(
      UUID id,
      @Nullable UUID turn,
      @Nullable UUID answers,
      int ordinal,
      ChatMessage said,
      long bytes) {
    private boolean saysNothing() {
      return said.text().isEmpty() && said.toolCalls().isEmpty();
    }
  }

  /** Messages that stay or go together. */
  private static final class Group {
    final List<Entry> entries = new ArrayList<>(2);
    boolean open;

    long bytes() {
      return entries.stream().mapToLong(Entry::bytes).sum();
    }

    int ordinal() {
      return entries.getFirst().ordinal;
    }
  }

  static List<Entry> read(Columns in) {
    var ids = in.uuidsOrNull();
    var turns = in.uuidsOrNull();
    var answers = in.uuidsOrNull();
    var ordinals = in.numbers();
    var roles = in.texts();
    var texts = in.texts();
    var calls = in.texts();
    var callIds = in.texts();
    var tools = in.texts();
    var bytes = in.numbers();
    var entries = new ArrayList<Entry>(ordinals.size());
    for (var i = 0; i < ordinals.size(); i++) {
      entries.add(
          new Entry(
              ids.get(i),
              turns.get(i),
              answers.get(i),
              ordinals.get(i),
              StoredMessages.said(
                  Columns.constant(Role.class, roles.get(i)),
                  texts.get(i),
                  calls.get(i),
                  callIds.get(i),
                  tools.get(i)),
              bytes.get(i)));
    }
    return entries;
  }

  /**
   * The turns before a new one.
   *
   * @param before ordinal of the new turn's input
   * @param newBytes length of what the new turn adds
   */
  static History of(List<Entry> entries, int before, long newBytes) {
    var groups = groups(entries, before);
    var bytes = newBytes + groups.stream().mapToLong(Group::bytes).sum();
    var first = 0;
    if (bytes > MAX_BYTES) {
      while (first < groups.size() && bytes > AFTER_CUT_BYTES) {
        bytes -= groups.get(first++).bytes();
      }
    }
    var kept = groups.subList(first, groups.size());
    var messages = new ArrayList<ChatMessage>(2 * kept.size() + 3);
    for (var group : kept) {
      group.entries.forEach(entry -> messages.add(entry.said));
    }
    return new History(messages, from(entries, groups, first, before), bytes);
  }

  /** The whole prompt: system text first, the new input last, or the text to go on from. */
  List<ChatMessage> prompt(
      @Nullable String instruction, List<ChatMessage> input, @Nullable String prefix) {
    var prompt = new ArrayList<ChatMessage>(messages.size() + input.size() + 2);
    if (instruction != null) {
      prompt.add(new ChatMessage(Role.SYSTEM, instruction));
    }
    prompt.addAll(messages);
    prompt.addAll(input);
    if (prefix != null) {
      prompt.add(new ChatMessage(Role.ASSISTANT, prefix));
    }
    return prompt;
  }

  // What was cut stays cut; without a cut the start stays where it was.
  private static int from(List<Entry> entries, List<Group> groups, int first, int before) {
    if (first > 0) {
      return first < groups.size() ? groups.get(first).ordinal() : before;
    }
    return entries.isEmpty() ? 1 : Math.min(entries.getFirst().ordinal, before);
  }

  private static List<Group> groups(List<Entry> entries, int before) {
    var groups = new ArrayList<Group>();
    var ofTurn = new HashMap<UUID, Group>();
    var ofMessage = new HashMap<UUID, Group>();
    for (var entry : entries) {
      if (entry.ordinal >= before) {
        break;
      }
      if (entry.answers != null) {
        var group = ofMessage.get(entry.answers);
        if (group != null && !entry.saysNothing()) {
          group.entries.add(entry);
          group.open = false;
        }
      } else {
        var group = entry.turn == null ? null : ofTurn.get(entry.turn);
        if (group == null) {
          group = new Group();
          groups.add(group);
        }
        group.entries.add(entry);
        ofMessage.put(entry.id, group);
        if (entry.turn != null) {
          group.open = true;
          ofTurn.put(entry.turn, group);
        }
      }
    }
    groups.removeIf(group -> group.open);
    return groups;
  }
}
