package dev.penstock.contracts.log;

import dev.penstock.contracts.generation.QueuePlace;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /log}: what all turns of one instance gained since its last flush. Answered
 * 204 once committed; resending it changes nothing.
 *
 * @param places queue places that changed
 */
public record Flush(UUID instance, List<LogRow> rows, List<Place> places) {
  /**
   * A turn's place in the queue.
   *
   * @param place null from the first delta on
   */
  public record Place(UUID turnId, int attempt, @Nullable QueuePlace place) {}
}
