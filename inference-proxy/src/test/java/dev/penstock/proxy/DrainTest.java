package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** sse.md SSE-39, turns.md T-26: what can end by itself does, the rest goes on elsewhere. */
class DrainTest {
  @Test
  void takesNothingNewLetsWhatEndsInTimeEndAndThenCutsTheRest() {
    var vertx = Vertx.vertx();
    var ollama = FakeOllama.startLoaded(vertx);
    try (var proxy = ProxyDriver.start(Map.of("OLLAMA_NUM_PARALLEL", "2"), ollama)) {
      var ends = proxy.generate();
      var ending = ollama.awaitChat().says("Bam");
      var stays = proxy.generate();
      var staying = ollama.awaitChat().says("Bam");
      var waits = proxy.generate();
      waits.next(Queued.class);
      ends.awaitText("Bam");
      stays.awaitText("Bam");

      var drained = proxy.service().drain();
      var refused = proxy.generate();

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.json().getString("code")).isEqualTo("draining");
      assertThat(proxy.call(HttpMethod.GET, "/readyz", "").status()).isEqualTo(503);
      ending.says("boo").finishes();
      ends.awaitText("boo").next(Finished.class);
      ollama.awaitChat();
      assertThat(stays.next(Failed.class).failure().code()).isEqualTo(FailureCode.DRAINING);
      staying.awaitCancelled();
      Await.done(drained);
      proxy.awaitIdle();
    } finally {
      ollama.close();
      Await.done(vertx.close());
    }
  }
}
