package dev.penstock.gateway.limits;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one key, person or tenant has taken of its share here. Safe from any thread: event loops ask
 * it when a request is accepted and when it ends, never for a token.
 */
final class Account {
  /** Whose it is. */
  enum Kind {
    KEY,
    PERSON,
    TENANT
  }

  /**
   * @param name of the key or person; empty for a tenant's own
   */
  record Id(Kind kind, String tenant, String name) {
    String whose() {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /** How soon an answer of unknown length may make room. */
  private static final long STREAM_WAIT_NANOS = 1_000_000_000;

  private final Id id;
  private final Allowance requests = new Allowance();
  private final Allowance tokens = new Allowance();
  private Share share;
  private int streams;

  Account(Id id, Share share, long now) {
    this.id = id;
    this.share = share;
    refill(now);
  }

  /**
   * Takes a request, a stream and the tokens it needs, or nothing.
   *
   * @param current share from now on
   * @param need tokens of the prompt and of the least answer worth beginning
   * @return why not; empty if it is taken
   */
  synchronized Optional<Shortage> enter(Share current, long prompt, long need, long now) {
    share = current;
    refill(now);
    var shortage = shortage(prompt, need);
    if (shortage == null) {
      take(need);
    }
    return Optional.ofNullable(shortage);
  }

  /** Takes a request and a stream, whatever is left. */
  synchronized void enterAnyway(Share current, long now) {
    share = current;
    refill(now);
    take(0);
  }

  /**
   * Takes up to {@code more} tokens for an answer that goes on.
   *
   * @return how many
   */
  synchronized long reserve(long more, long now) {
    refill(now);
    if (share.tokens() == null) {
      return more;
    }
    var got = Math.clamp((long) tokens.level(), 0, more);
    tokens.take(got);
    return got;
  }

  /** Takes tokens even if they are not there; gives back where it is negative. */
  synchronized void charge(long amount, long now) {
    refill(now);
    tokens.take(amount);
  }

  /**
   * An answer has ended.
   *
   * @param amount of tokens used beyond those that were taken; negative for what was left
   * @param undone whether it counts as if it had never been asked for
   */
  synchronized void leave(long amount, boolean undone, long now) {
    refill(now);
    tokens.take(amount);
    streams--;
    if (undone) {
      requests.take(-1);
    }
  }

  /** Whether it is as a new one would be, so that nothing is lost with it. */
  synchronized boolean atRest(long now) {
    refill(now);
    return streams == 0
        && (share.requests() == null || requests.isFull())
        && (share.tokens() == null || tokens.isFull());
  }

  /** What is left, for the headers. */
  synchronized Standing standing(Share current, long now) {
    share = current;
    refill(now);
    return Standing.of(share, requests, tokens);
  }

  private @Nullable Shortage shortage(long prompt, long need) {
    var wholeTokens = share.whole().tokensPerMinute();
    if (wholeTokens != null && prompt > wholeTokens) {
      return new Shortage(Limit.TOKENS, id.whose(), Shortage.NEVER);
    }
    if (share.streams() != null && streams >= share.streams()) {
      return new Shortage(Limit.STREAMS, id.whose(), STREAM_WAIT_NANOS);
    }
    if (share.requests() != null && requests.level() < 1) {
      return new Shortage(Limit.REQUESTS, id.whose(), requests.nanosUntil(1));
    }
    // More than the share ever holds is lent by a full one: else the share of one instance among
    // many would turn away what the whole limit allows.
    var enough = share.tokens() == null ? 0 : Math.min((double) need, share.tokens());
    return share.tokens() != null && tokens.level() < enough
        ? new Shortage(Limit.TOKENS, id.whose(), tokens.nanosUntil(enough))
        : null;
  }

  private void take(long need) {
    streams++;
    requests.take(1);
    tokens.take(need);
  }

  private void refill(long now) {
    requests.refill(share.requests() == null ? Double.MAX_VALUE : share.requests(), now);
    tokens.refill(share.tokens() == null ? Double.MAX_VALUE : share.tokens(), now);
  }
}
