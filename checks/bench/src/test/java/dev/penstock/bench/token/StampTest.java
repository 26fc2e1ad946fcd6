package dev.penstock.bench.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StampTest {
  @Test
  void readsTheMomentItWrote() {
    var now = Stamp.now();
    var text = new byte[Stamp.DIGITS + 2];

    Stamp.write(now, text, 1);

    var read = 0L;
    for (var at = 1; at <= Stamp.DIGITS; at++) {
      read = Stamp.append(read, text[at]);
    }
    assertThat(read).isEqualTo(now);
    assertThat(Stamp.between(read, now + 250)).isEqualTo(250);
  }

  @Test
  void findsTheLastOrderOfARequest() {
    var body = new Order(5, 7).prompt() + " and then " + new Order(120, 50_000).prompt() + "\"}]}";

    assertThat(Order.find(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(new Order(120, 50_000));
    assertThat(Order.find(new byte[0])).isNull();
  }
}
