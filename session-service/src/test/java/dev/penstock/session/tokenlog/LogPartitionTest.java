package dev.penstock.session.tokenlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LogPartitionTest {
  private static final LogPartition ELEVEN =
      LogPartition.at(Instant.parse("2026-11-21T11:59:59.999Z"));

  @Test
  void isNamedAfterItsHour() {
    assertThat(ELEVEN.table()).isEqualTo("token_log_2026112111");
    assertThat(LogPartition.named("token_log_2026112111")).isEqualTo(ELEVEN);
    assertThat(ELEVEN.next().table()).isEqualTo("token_log_2026112112");
  }

  @Test
  void holdsTheIdsMadeInItsHour() {
    var first = Instant.parse("2026-11-21T11:00:00Z").toEpochMilli();

    assertThat(ELEVEN.lower()).isEqualTo(new UUID(first << 16, 0));
    assertThat(ELEVEN.upper()).isEqualTo(new UUID((first + 3_600_000) << 16, 0));
    assertThat(ELEVEN.next().lower()).isEqualTo(ELEVEN.upper());
  }

  /** T-7. */
  @Test
  void isDroppableTwoHoursAfterItsUpperBound() {
    assertThat(ELEVEN.droppableAt(Instant.parse("2026-11-21T13:59:59.999Z"))).isFalse();
    assertThat(ELEVEN.droppableAt(Instant.parse("2026-11-21T14:00:00Z"))).isTrue();
  }
}
