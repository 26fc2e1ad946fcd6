package dev.penstock.kit.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void measuresThePoolsOfItsOwnVertxAlsoBesideAnother() {
    var first = new Metrics();
    var second = new Metrics();
    var both = List.of(first.vertx(), second.vertx());

    for (var metrics : List.of(first, second)) {
      assertThat(metrics.scrape()).contains("vertx_pool_queue_pending");
    }

    for (var vertx : both) {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    }
  }
}
