package dev.penstock.contracts.session;

import java.util.List;
import java.util.UUID;

/**
 * Body of {@code PUT /instances/{id}/lease}, sent once a second (turns.md T-20, T-21).
 *
 * @param running turns this instance generates
 * @param following turns of other owners that have readers here
 * @param draining true once no new turn may be given to this instance
 */
public record Renewal(List<UUID> running, List<UUID> following, boolean draining) {
  /**
   * Answer of a renewal.
   *
   * @param lost turns among {@code running} that this instance no longer owns
   * @param cancel turns it owns that are to be cancelled
   * @param start turns it owns but does not run: fetch {@code GET /turns/{id}/assignment} and start
   * @param followed turns it owns that have readers on other instances (T-33)
   * @param liveGateways instances whose lease runs, this one included
   */
  public record Result(
      List<UUID> lost,
      List<UUID> cancel,
      List<UUID> start,
      List<UUID> followed,
      int liveGateways) {}
}
