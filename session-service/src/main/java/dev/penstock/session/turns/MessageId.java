package dev.penstock.session.turns;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids of answers: UUID v7 (RFC 9562) by this process's clock. Nothing is ordered or partitioned by
 * them, so they need not be the database's, and the terminal event can name its message before the
 * write.
 */
final class MessageId {
  private MessageId() {}

  static UUID fresh() {
    var random = ThreadLocalRandom.current();
    var most = (System.currentTimeMillis() << 16) | 0x7000 | (random.nextLong() & 0x0FFF);
    var least = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    return new UUID(most, least);
  }
}
