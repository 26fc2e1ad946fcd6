package dev.penstock.contracts.log;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.penstock.contracts.generation.QueuePlace;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /log}: what all turns of one instance gained since its last flush. Answered
 * once committed, 204 or, where something is to be confirmed, 200 with {@link Confirmed}; resending
 * it changes nothing.
 *
 * @param places queue places that changed
 * @param confirm turns of which it must be known that what they stored counts (turns.md T-30); not
 *     written where there is none
 */
public record Flush(
    UUID instance,
    List<LogRow> rows,
    List<Place> places,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Confirm> confirm) {
  public Flush {
    confirm = confirm == null ? List.of() : List.copyOf(confirm);
  }

  /** Nothing to confirm. */
  public Flush(UUID instance, List<LogRow> rows, List<Place> places) {
    this(instance, rows, places, List.of());
  }

  /**
   * A turn's place in the queue.
   *
   * @param place null from the first delta on
   */
  public record Place(UUID turnId, int attempt, @Nullable QueuePlace place) {}

  /** A turn whose attempt may have been taken over. */
  public record Confirm(UUID turnId, int attempt) {}

  /**
   * Which turns a statement after the commit still saw in the attempt that was asked about: whoever
   * takes one over from then on builds on all that was committed.
   */
  public record Confirmed(List<UUID> confirmed) {
    /** No turn. */
    public static final Confirmed NONE = new Confirmed(List.of());
  }
}
