package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static dev.penstock.local.endtoend.ChatClient.say;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Spans that hold what was said, and spans that nobody takes. */
class TraceLimitsIT {
  private static final Pattern DROPPED =
      Pattern.compile("(?m)^penstock_trace_spans_dropped_total\\{.*\\} ([\\d.E]+)$");
  private static final Pattern WAITING =
      Pattern.compile("(?m)^penstock_trace_spans_waiting\\{.*\\} ([\\d.E]+)$");
  private static final int QUEUE = 8;

  @Test
  void sendsAsItDrainsWhatIsLeftAndWhatWasSaidWhereTheOperatorAsksForIt() throws IOException {
    try (var collector = Collector.start();
        var cluster =
            Cluster.start(
                Cluster.Shape.ONE_OF_EACH
                    .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
                    .with("OTEL_BSP_SCHEDULE_DELAY", "600000")
                    .with("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"))) {
      var client = cluster.client(0);
      var session = client.newSession();

      var stream = client.turn(session, say("Bamboo, mostly."));
      stream.untilEnd();
      cluster.drain();

      var trace = stream.header("x-trace-id");
      var span = collector.await(trace, each -> each.name().startsWith("chat "));
      assertThat(span.attribute("gen_ai.input.messages")).contains("[say]Bamboo, mostly.");
      assertThat(span.attribute("gen_ai.output.messages"))
          .contains("\"content\":\"Bamboo, mostly.\"")
          .contains("\"finish_reason\":\"stop\"");
    }
  }

  @Test
  void servesOnAndCountsWhatItDropsWhileTheCollectorIsDown() throws IOException {
    var collector = Collector.start();
    var url = collector.url();
    collector.close();
    try (var cluster =
        Cluster.start(
            Cluster.Shape.ONE_OF_EACH
                .with("OTEL_EXPORTER_OTLP_ENDPOINT", url)
                .with("OTEL_BSP_MAX_QUEUE_SIZE", Integer.toString(QUEUE))
                .with("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4"))) {
      var client = cluster.client(0);
      var session = client.newSession();

      client.turn(session, ask(10)).untilEnd();

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                assertThat(client.get("/v1/sessions/" + session).status()).isEqualTo(200);
                assertThat(figure(WAITING, cluster.gatewayMetrics(0)))
                    .isBetween(0.0, (double) QUEUE);
                return figure(DROPPED, cluster.gatewayMetrics(0)) > 0;
              });
    }
  }

  private static double figure(Pattern row, String exposition) {
    var match = row.matcher(exposition);
    assertThat(match.find()).as(exposition).isTrue();
    return Double.parseDouble(match.group(1));
  }
}
