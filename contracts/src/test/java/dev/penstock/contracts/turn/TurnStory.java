package dev.penstock.contracts.turn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * One turn as its owners, the store and a follower see it. Each delta names the attempt and seq it
 * was made with, so a text that mixes attempts shows. Steps that are not legal at the time do
 * nothing.
 */
final class TurnStory {
  static final UUID TURN = UUID.fromString("0199c1e2-8000-7aaa-8bbb-1234567890ab");
  private static final String TERMINAL = "";

  private final List<Owner> owners = new ArrayList<>(List.of(new Owner(1, List.of())));
  private final List<Stretch> stored = new ArrayList<>();
  private final Follower follower = new Follower();
  private Bases bases = Bases.FIRST;
  private TurnState state = TurnState.ACCEPTED;

  /** What one process holds of the turn: the events from seq 1 on, and the bases it knows. */
  interface View {
    List<String> events();

    Bases bases();

    boolean ended();
  }

  boolean ended() {
    return state.isFinal();
  }

  /** The owner, or one before it that has not yet heard it was fenced. */
  View owner(int back) {
    return at(back);
  }

  View follower() {
    return follower;
  }

  String text() {
    return String.join("", owners.getLast().events);
  }

  TurnText storedText() {
    return TurnText.of(stored, bases);
  }

  /** The model yields, be it to an owner that was fenced long ago. */
  void deliver(int back, int deltas) {
    var owner = at(back);
    for (var i = 0; i < deltas && !owner.ended; i++) {
      owner.events.add("%d.%d;".formatted(owner.attempt, owner.events.size() + 1));
    }
  }

  /** An owner, be it one that was fenced long ago, stores its next row (T-10). */
  void flush(int back, int events) {
    var owner = at(back);
    var to = Math.min(owner.events.size(), owner.flushed + events);
    if (to > owner.flushed) {
      stored.add(
          new Stretch(owner.attempt, owner.flushed + 1, owner.events.subList(owner.flushed, to)));
      owner.flushed = to;
      if (owner == owners.getLast() && !ended()) {
        take(TurnStep.STREAM);
      }
    }
  }

  /**
   * Another process claims the turn; it goes on with what is stored or starts over (T-23, T-25).
   */
  void takeOver(boolean goesOn) {
    if (may(TurnStep.CLAIM)) {
      take(TurnStep.CLAIM);
      begin(goesOn ? storedText().lastSeq() : 0);
    }
  }

  /** The proxy refuses (T-18). */
  void refuse() {
    if (may(TurnStep.REFUSE) && owners.getLast().events.isEmpty()) {
      take(TurnStep.REFUSE);
      end();
    }
  }

  /** The key comes again (T-19). */
  void restart() {
    if (may(TurnStep.RESTART) && text().isEmpty()) {
      take(TurnStep.RESTART);
      begin(0);
    }
  }

  /** The model's own end, in one commit with all that is not flushed (T-13). */
  void finish() {
    if (may(TurnStep.COMPLETE)) {
      take(TurnStep.COMPLETE);
      end();
    }
  }

  /** The follower reads the log (T-11, T-29). */
  void poll() {
    follower.poll();
  }

  private Owner at(int back) {
    return owners.get(Math.max(0, owners.size() - 1 - back));
  }

  private void begin(int base) {
    var before = owners.getLast().events;
    bases = bases.with(base);
    owners.add(new Owner(bases.attempt(), before.subList(0, base)));
  }

  private void end() {
    var owner = owners.getLast();
    owner.events.add(TERMINAL);
    owner.ended = true;
    stored.add(
        new Stretch(
            owner.attempt,
            owner.flushed + 1,
            owner.events.subList(owner.flushed, owner.events.size())));
    owner.flushed = owner.events.size();
  }

  private boolean may(TurnStep step) {
    return step.from(state).isPresent();
  }

  private void take(TurnStep step) {
    state = step.from(state).orElseThrow();
  }

  private final class Owner implements View {
    final int attempt;
    final List<String> events;
    int flushed;
    boolean ended;

    Owner(int attempt, List<String> prefix) {
      this.attempt = attempt;
      this.events = new ArrayList<>(prefix);
      this.flushed = prefix.size();
    }

    @Override
    public List<String> events() {
      return events;
    }

    @Override
    public Bases bases() {
      return new Bases(bases.list().subList(0, attempt));
    }

    @Override
    public boolean ended() {
      return ended;
    }
  }

  private final class Follower implements View {
    private final List<String> events = new ArrayList<>();
    private int attempt = 1;

    void poll() {
      var kept = Math.min(events.size(), bases.limit(attempt));
      events.subList(kept, events.size()).clear();
      attempt = bases.attempt();
      stored.stream()
          .sorted(Comparator.comparingInt(Stretch::attempt).thenComparingInt(Stretch::seqFrom))
          .forEach(
              row ->
                  row.after(events.size(), bases).ifPresent(next -> events.addAll(next.texts())));
    }

    @Override
    public List<String> events() {
      poll();
      return events;
    }

    @Override
    public Bases bases() {
      return bases;
    }

    @Override
    public boolean ended() {
      return TurnStory.this.ended() && !events.isEmpty() && events.getLast().equals(TERMINAL);
    }
  }
}
