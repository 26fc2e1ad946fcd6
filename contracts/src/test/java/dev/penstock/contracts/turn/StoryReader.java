package dev.penstock.contracts.turn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that comes with its position, takes some events and leaves (T-28). */
final class StoryReader {
  private @Nullable Position position;
  private String assembled = "";

  String assembled() {
    return assembled;
  }

  /** Comes to {@code view}, takes at most {@code most} events and goes. */
  void read(TurnStory.View view, int most) {
    var bases = view.bases();
    var events = view.events();
    var resume =
        Resume.decide(
            position, bases.attempt(), bases.list(), events.size(), view.ended(), !view.ended());
    switch (resume) {
      case Resume.FromStart _ -> take(bases, events, 0, most);
      case Resume.After(var seq) -> take(bases, events, seq, most);
      case Resume.Snapshot _ -> {
        var last = view.ended() ? events.size() - 1 : events.size();
        assembled = String.join("", events.subList(0, last));
        position = bases.snapshotId(TurnStory.TURN, last);
        take(bases, events, last, most);
      }
      case Resume.Await _, Resume.Nothing _ -> {}
    }
  }

  private void take(Bases bases, List<String> events, int after, int most) {
    for (var seq = after + 1; seq <= Math.min(events.size(), after + most); seq++) {
      assembled += events.get(seq - 1);
      position = new Position(TurnStory.TURN, bases.attemptOf(seq), seq);
    }
  }
}
