package dev.penstock.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.bench.backend.Backend;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SteadyClientTest {
  private static final byte[] REQUEST =
      "GET /version HTTP/1.1\r\nHost: b\r\n\r\n".getBytes(US_ASCII);

  @Test
  void asksAgainAndAgainAndCountsEachAnswerByItsStatus() throws InterruptedException {
    var asked = new CountDownLatch(100);
    try (var backend = Backend.listen(0);
        var client =
            new SteadyClient(
                backend.port(),
                4,
                500,
                () -> {
                  asked.countDown();
                  return REQUEST;
                })) {
      client.start();
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

      var answers = client.take();

      assertThat(answers.statuses()).containsOnlyKeys(200);
      // Those of the four connections may be under way.
      assertThat(answers.latency.total()).isGreaterThanOrEqualTo(96);
      assertThat(answers.lost()).isZero();
    }
  }
}
