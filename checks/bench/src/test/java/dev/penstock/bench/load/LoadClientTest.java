package dev.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.bench.backend.Backend;
import dev.penstock.bench.token.Order;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted is what was sent: a figure of this bench is worth no more than that. */
@Timeout(30)
class LoadClientTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void countsEveryAnswerOnce(boolean fresh) throws InterruptedException {
    try (var backend = Backend.listen(0);
        var client = new LoadClient()) {
      var running =
          client.start(load(backend.port(), 8, Integer.MAX_VALUE, fresh, new Order(3, 1_000)));
      running.measured().start();
      TimeUnit.MILLISECONDS.sleep(300);
      running.stop();
      assertThat(running.await(5_000)).isTrue();

      var measured = running.measured();
      assertThat(measured.failed()).isZero();
      assertThat(measured.torn()).isZero();
      assertThat(measured.streams()).isPositive().isEqualTo(backend.begun());
      assertThat(measured.tokens()).isEqualTo(3 * backend.begun());
      assertThat(measured.firstToken.total()).isEqualTo(backend.begun());
    }
  }

  @Test
  void readsABurstWhole() throws InterruptedException {
    try (var backend = Backend.listen(0);
        var client = new LoadClient()) {
      var running = client.start(load(backend.port(), 4, 1, false, new Order(50_000, 0)));
      running.measured().start();
      assertThat(running.await(10_000)).isTrue();

      assertThat(running.measured().tokens()).isEqualTo(200_000);
      assertThat(running.measured().torn()).isZero();
    }
  }

  /** A bound port that nobody listens on: a freed one might be somebody else's by then. */
  @Test
  void tellsThatNobodyAnswers() throws IOException, InterruptedException {
    try (var bound = new Socket();
        var client = new LoadClient()) {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var running = client.start(load(bound.getLocalPort(), 2, 1, false, new Order(1, 0)));
      assertThat(running.await(10_000)).isTrue();

      assertThat(running.measured().failed()).isEqualTo(2);
      assertThat(running.measured().firstFailure()).isNotEmpty();
    }
  }

  private static Load load(int port, int readers, int streams, boolean fresh, Order order) {
    var json = "{\"messages\":[{\"content\":\"" + order.prompt() + "\"}]}";
    var request =
        ("POST /api/chat HTTP/1.1\r\nHost: b\r\nContent-Length: "
                + json.length()
                + "\r\n\r\n"
                + json)
            .getBytes(StandardCharsets.US_ASCII);
    return new Load(port, readers, 10, streams, fresh, false, order.tokens(), () -> request);
  }
}
