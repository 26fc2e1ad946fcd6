package dev.penstock.session.turns;

import static java.lang.System.Logger.Level.INFO;

import java.time.Duration;

/**
 * Ends what nobody adopted within eight seconds of the owner's death or the turn's release, so that
 * every turn is readable to its end 15 s after its owner died (turns.md T-23).
 */
public final class Reaper {
  /** How often {@link #reap} is to be called, in milliseconds. */
  public static final long PERIOD_MS = 500;

  private static final System.Logger LOG = System.getLogger(Reaper.class.getName());
  private static final Duration GRACE = Duration.ofSeconds(8);

  private final OrphanCloser closer;

  public Reaper(OrphanCloser closer) {
    this.closer = closer;
  }

  /** Ends the orphans there are, at most 100. */
  public void reap() {
    for (var orphan : closer.orphans(GRACE, GRACE)) {
      if (closer.close(orphan, GRACE, GRACE)) {
        LOG.log(INFO, "ended turn " + orphan.turn() + " in the place of its dead owner");
      }
    }
  }
}
