package dev.penstock.session.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.failure.FailureException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CursorTest {
  private static final Cursor.Activity START = new Cursor.Activity(1, new UUID(0, 0));

  @Test
  void readsWhatItWrote() {
    var activity = new Cursor.Activity(1_795_000_000_123_456L, UUID.randomUUID());

    assertThat(Cursor.ordinal(new Cursor.Ordinal(17).text(), 0)).isEqualTo(17);
    assertThat(Cursor.activity(activity.text(), START)).isEqualTo(activity);
    assertThat(Cursor.ordinal(null, 5)).isEqualTo(5);
    assertThat(Cursor.activity(null, START)).isEqualTo(START);
  }

  @Test
  void refusesEverythingElse() {
    for (var plain : List.of("", "o", "oo", "o1.5", "a1", "a.", "a1.x", "ax.", "z1")) {
      var text = Base64.getUrlEncoder().encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> Cursor.ordinal(text, 0)).isInstanceOf(FailureException.class);
      assertThatThrownBy(() -> Cursor.activity(text, START)).isInstanceOf(FailureException.class);
    }
    assertThatThrownBy(() -> Cursor.ordinal("§", 0)).isInstanceOf(FailureException.class);
    assertThatThrownBy(() -> Cursor.ordinal(START.text(), 0)).isInstanceOf(FailureException.class);
    assertThatThrownBy(() -> Cursor.activity(new Cursor.Ordinal(1).text(), START))
        .isInstanceOf(FailureException.class);
  }
}
