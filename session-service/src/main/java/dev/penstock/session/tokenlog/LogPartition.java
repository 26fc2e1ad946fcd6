package dev.penstock.session.tokenlog;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * One hour of the token log: the turns whose UUID v7 was made in it.
 *
 * @param from the hour's beginning, included
 */
record LogPartition(Instant from) {
  /** Log rows are of use that long after the youngest turn of their partition began (T-7). */
  static final Duration RETENTION = Duration.ofHours(2);

  private static final Duration LENGTH = Duration.ofHours(1);
  private static final String PREFIX = "token_log_";
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuuMMddHH").withZone(ZoneOffset.UTC);

  static LogPartition at(Instant time) {
    return new LogPartition(time.truncatedTo(ChronoUnit.HOURS));
  }

  /**
   * The partition of that table's name.
   *
   * @throws java.time.format.DateTimeParseException if no partition has this name
   */
  static LogPartition named(String table) {
    return new LogPartition(
        HOUR.parse(table.substring(PREFIX.length()))
            .query(
                parsed ->
                    LocalDate.from(parsed)
                        .atTime(LocalTime.from(parsed))
                        .toInstant(ZoneOffset.UTC)));
  }

  LogPartition next() {
    return new LogPartition(from.plus(LENGTH));
  }

  /** The table's name; letters, digits and underscores only. */
  String table() {
    return PREFIX + HOUR.format(from);
  }

  /** Least id in it. */
  UUID lower() {
    return new UUID(from.toEpochMilli() << 16, 0);
  }

  /** Least id behind it. */
  UUID upper() {
    return next().lower();
  }

  boolean droppableAt(Instant now) {
    return !from.plus(LENGTH).plus(RETENTION).isAfter(now);
  }
}
