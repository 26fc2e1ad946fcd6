package dev.penstock.contracts.turn;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The bases of a turn's attempts, all known: attempt <i>n</i> builds on the text up to and
 * including seq {@code bases[n - 1]} (turns.md T-8, T-23, T-25). They say which stored events count
 * and which positions hold.
 *
 * @param list base of attempt 1, 2, …, the current one last; the first is 0
 */
public record Bases(List<Integer> list) {
  /** A turn in its first attempt. */
  public static final Bases FIRST = new Bases(List.of(0));

  /** Copies, and refuses a list that no turn can have. */
  public Bases {
    list = List.copyOf(list);
    if (list.isEmpty() || list.getFirst() != 0 || list.stream().anyMatch(base -> base < 0)) {
      throw new IllegalArgumentException("no turn has the bases " + list);
    }
  }

  /** The bases of a stored turn; empty while a claim has no base yet (T-23). */
  public static Optional<Bases> known(List<@Nullable Integer> stored) {
    return stored.stream().anyMatch(Objects::isNull)
        ? Optional.empty()
        : Optional.of(new Bases(stored.stream().map(Objects::requireNonNull).toList()));
  }

  /** The current attempt. */
  public int attempt() {
    return list.size();
  }

  /** The base of {@code attempt}, from 1 to the current one. */
  public int of(int attempt) {
    return list.get(attempt - 1);
  }

  /** These and the base of a further attempt. */
  public Bases with(int base) {
    return new Bases(Stream.concat(list.stream(), Stream.of(base)).toList());
  }

  /**
   * The last seq of {@code attempt} that every later attempt builds on; {@link Integer#MAX_VALUE}
   * for the current attempt, whose end is open.
   */
  public int limit(int attempt) {
    return list.subList(attempt, list.size()).stream()
        .min(Integer::compare)
        .orElse(Integer.MAX_VALUE);
  }

  /**
   * The attempt whose event of that number counts, which is the one its id names (T-31); 1 for seq
   * 0, the accepted turn.
   */
  public int attemptOf(int seq) {
    for (var attempt = attempt(); attempt > 1; attempt--) {
      if (of(attempt) < seq) {
        return attempt;
      }
    }
    return 1;
  }

  /**
   * Id of a snapshot (T-31).
   *
   * @param seq the last delta whose text the snapshot wholly contains; 0 if there is none
   */
  public Position snapshotId(UUID turn, int seq) {
    return new Position(turn, seq == 0 ? attempt() : attemptOf(seq), seq);
  }
}
