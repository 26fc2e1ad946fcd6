package dev.penstock.session.database;

import java.time.Duration;

/**
 * Bounds of one pool.
 *
 * @param size connections at most
 * @param queue callers that may wait for a connection before the next is refused
 * @param maxWait how long a caller waits for a connection
 * @param statementTimeout after which the database ends a statement
 */
public record PoolBounds(int size, int queue, Duration maxWait, Duration statementTimeout) {
  /** After which the database ends a wait for a lock. */
  static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

  /** After which the database ends a transaction whose client says nothing. */
  static final Duration IDLE_IN_TRANSACTION_TIMEOUT = Duration.ofSeconds(5);

  /** How much longer than the database we wait for its word before a caller is told. */
  private static final Duration ANSWER_MARGIN = Duration.ofMillis(500);

  /** The client's own timer, for a database that does not answer at all. */
  Duration answerTimeout() {
    return statementTimeout.plus(ANSWER_MARGIN);
  }
}
