package dev.penstock.proxy.admission;

/**
 * Whether an upstream may be asked, judged by what became of earlier requests.
 *
 * <p>An upstream that cannot be reached, or fails {@value #FAILURES} times in a row while another
 * could do the work, is ejected; the time doubles with every ejection that is not followed by a
 * success. After it one request at a time is let through as a trial. An upstream that says it has
 * no room is left alone for a moment, which is not an ejection (reliability.md section 3).
 *
 * <p>Times are milliseconds of the admission's clock.
 */
final class UpstreamHealth {
  static final int FAILURES = 3;

  private static final Backoff UNREACHABLE = new Backoff(250, 10_000);
  private static final Backoff FAILING = new Backoff(10_000, 300_000);
  private static final Backoff BUSY = new Backoff(100, 5_000);

  private int failuresInARow;
  private int ejections;
  private int timesBusy;
  private long ejectedUntil = Long.MIN_VALUE;
  private long busyUntil = Long.MIN_VALUE;
  // Written on the admission's context only; health routes read it from elsewhere.
  private volatile boolean onTrial;
  private long downSince;

  private record Backoff(long least, long most) {
    long after(int times) {
      return Math.min(most, least << Math.min(times, 20));
    }
  }

  /** Whether one more request may go there while {@code lent} are running. */
  boolean takes(long now, int lent) {
    return now >= ejectedUntil && now >= busyUntil && (!onTrial || lent == 0);
  }

  /** Whether it is ejected or has not yet proved itself again. */
  boolean down() {
    return onTrial;
  }

  /** Since when {@link #down()} holds. */
  long downSince() {
    return downSince;
  }

  /** Milliseconds until a trial may go there; 0 if one may now. */
  long untilTrial(long now) {
    return onTrial ? Math.max(0, ejectedUntil - now) : 0;
  }

  void served() {
    failuresInARow = 0;
    ejections = 0;
    timesBusy = 0;
    onTrial = false;
  }

  void noSlot(long now) {
    busyUntil = now + BUSY.after(timesBusy++);
  }

  void unreachable(long now) {
    eject(now, UNREACHABLE);
  }

  /** Notes a failure; ejects only where {@code othersCan} do the work. */
  void failed(long now, boolean othersCan) {
    if (++failuresInARow >= FAILURES && othersCan) {
      failuresInARow = 0;
      eject(now, FAILING);
    }
  }

  private void eject(long now, Backoff backoff) {
    if (!onTrial) {
      downSince = now;
    }
    // Several requests may run into the same broken server at once: that is one ejection.
    if (now >= ejectedUntil) {
      ejectedUntil = now + backoff.after(ejections++);
    }
    onTrial = true;
  }
}
