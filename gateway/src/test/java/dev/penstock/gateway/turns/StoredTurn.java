package dev.penstock.gateway.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.caller.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One turn of {@link InMemoryStore}; used under its lock. */
final class StoredTurn {
  private static final int PAGE = 3;

  final UUID id = UUID.randomUUID();
  final @Nullable UUID session;
  final Caller caller;
  final Accept accept;
  final String text;
  final @Nullable UUID continues;
  final @Nullable UUID regenerates;
  final @Nullable String prefix;
  final Instant created = Instant.now();
  private Instant finished = created;
  final List<Integer> bases = new ArrayList<>(List.of(0));
  final Map<String, LogRow> rows = new LinkedHashMap<>();
  int attempt = 1;
  TurnState state = TurnState.ACCEPTED;
  @Nullable UUID owner;
  boolean cancel;
  boolean refused;
  @Nullable QueuePlace queue;
  @Nullable Integer lastSeq;
  @Nullable String answer;
  @Nullable TerminalEvent end;
  @Nullable String sha256;

  StoredTurn(@Nullable UUID session, Caller caller, Accept accept, @Nullable StoredTurn basis) {
    this.session = session;
    this.caller = caller;
    this.accept = accept;
    this.owner = accept.instance();
    this.text = basis == null ? accept.input().getLast().said().text() : basis.text;
    var kind = accept.place() instanceof Accept.Place.OnTurn(var how, _) ? how : null;
    var earlier = basis == null ? null : basis.id;
    this.regenerates = kind == Accept.Basis.REGENERATE ? earlier : null;
    this.continues = kind == Accept.Basis.CONTINUE ? earlier : null;
    this.prefix = continues == null || basis == null ? null : basis.answer;
    if (prefix != null) {
      put(
          new LogRow(
              id,
              1,
              1,
              1,
              LogRow.Kind.SNAPSHOT,
              Wire.text(Map.of("text", prefix, "reason", "continue"))));
    }
  }

  void put(LogRow row) {
    rows.putIfAbsent(row.attempt() + "." + row.seqTo(), row);
  }

  void restart(UUID instance) {
    attempt++;
    bases.add(prefix == null ? 0 : 1);
    state = TurnState.ACCEPTED;
    owner = instance;
    refused = false;
    lastSeq = null;
    end = null;
    sha256 = null;
  }

  Finish.Result finish(Finish finish) {
    if (state.isFinal() || attempt != finish.attempt()) {
      return end != null && attempt == finish.attempt() && finish.sha256().equals(sha256)
          ? new Finish.Result.Committed(end, finished)
          : new Finish.Result.Fenced();
    }
    finish.rows().forEach(this::put);
    state = finish.outcome().state();
    sha256 = finish.sha256();
    answer = finish.text();
    refused =
        finish.outcome() instanceof TurnOutcome.Failed(Failure why, Usage _, Timings _)
            && why.code().refusesAtTheDoor()
            && finish.text().isEmpty();
    var event = ended(finish.terminalSeq(), event(finish.outcome()));
    return new Finish.Result.Committed(event, finished);
  }

  void interrupt() {
    state = TurnState.INTERRUPTED;
    answer = countedText();
    ended(
        lastContiguous() + 1,
        new TerminalEvent.Interrupted(UUID.randomUUID(), new Usage(1, 1, true)));
  }

  private TerminalEvent ended(int seq, TerminalEvent event) {
    end = event;
    finished = Instant.now();
    lastSeq = seq;
    owner = null;
    put(new LogRow(id, attempt, seq, seq, LogRow.Kind.TERMINAL, Wire.text(event)));
    return event;
  }

  private TerminalEvent event(TurnOutcome outcome) {
    var message = answer == null || answer.isEmpty() ? null : UUID.randomUUID();
    return switch (outcome) {
      case TurnOutcome.Completed(var reason, var usage, var timings, var calls) ->
          new TerminalEvent.Completed(
              message, reason, usage, timings, String.valueOf(sha256), calls);
      case TurnOutcome.Failed(var why, _, _) ->
          new TerminalEvent.Failed(why.code(), why.detail(), why.retryable(), message);
      case TurnOutcome.Cancelled(var usage) -> new TerminalEvent.Cancelled(message, usage);
      case TurnOutcome.Interrupted(var usage) -> new TerminalEvent.Interrupted(message, usage);
    };
  }

  /** Rows that count (T-12), in order. */
  List<LogRow> counted() {
    return rows.values().stream()
        .filter(row -> row.seqTo() > bases.get(row.attempt() - 1))
        .filter(
            row ->
                bases.subList(row.attempt(), bases.size()).stream()
                    .allMatch(base -> base != null && row.seqTo() <= base))
        .sorted(Comparator.comparingInt(LogRow::attempt).thenComparingInt(LogRow::seqTo))
        .toList();
  }

  int lastContiguous() {
    var last = 0;
    for (var row : counted()) {
      if (row.seqFrom() <= last + 1 && row.kind() != LogRow.Kind.TERMINAL) {
        last = Math.max(last, row.seqTo());
      }
    }
    return last;
  }

  String countedText() {
    var all = new StringBuilder();
    for (var row : counted()) {
      switch (row.kind()) {
        case DELTAS -> {
          for (var text : Wire.decode(row.data(), String[].class)) {
            all.append(text);
          }
        }
        case SNAPSHOT -> all.append(prefix);
        case TERMINAL -> {}
      }
    }
    return all.toString();
  }

  Poll.Progress progress(Poll.Cursor cursor, boolean ownerAlive) {
    var known = !bases.contains(null);
    var after = cursor.seq();
    for (var later = cursor.attempt() + 1; known && later <= attempt; later++) {
      after = Math.min(after, bases.get(later - 1));
    }
    var from = after;
    var behind = known ? counted().stream().filter(row -> row.seqTo() > from).toList() : List.of();
    var dropped = lastSeq != null && !rows.containsKey(attempt + "." + lastSeq);
    return new Poll.Progress(
        id,
        attempt,
        new ArrayList<>(bases),
        state,
        lastSeq != null ? lastSeq : known ? lastContiguous() : 0,
        ownerAlive && !state.isFinal(),
        dropped,
        queue,
        (List<LogRow>) behind.subList(0, Math.min(PAGE, behind.size())));
  }

  Turn turn(boolean ownerAlive) {
    var output =
        answer == null || answer.isEmpty()
            ? null
            : new Turn.Output(
                UUID.nameUUIDFromBytes(answer.getBytes(StandardCharsets.UTF_8)),
                answer,
                end instanceof TerminalEvent.Completed done ? done.finishReason() : null,
                end instanceof TerminalEvent.Completed done ? done.usage() : null,
                String.valueOf(sha256),
                end instanceof TerminalEvent.Completed done ? done.toolCalls() : List.of());
    var error =
        end instanceof TerminalEvent.Failed failed
            ? new Turn.Problem(failed.code(), failed.detail(), failed.retryable())
            : null;
    return new Turn(
        id,
        session,
        state,
        attempt,
        new ArrayList<>(bases),
        lastSeq != null ? lastSeq : lastContiguous(),
        owner,
        ownerAlive,
        cancel,
        "sim",
        null,
        accept.options(),
        accept.terms().onDisconnect(),
        accept.terms().disconnectGraceMs(),
        regenerates,
        continues,
        accept.place() instanceof Accept.Place.Chained(var parent) ? parent : null,
        accept.form(),
        accept.extra(),
        accept.warnings(),
        new Turn.Input(id, text),
        output,
        error,
        queue,
        null,
        created.plusMillis(accept.terms().deadlineMs()),
        created,
        end == null ? null : finished);
  }
}
