package dev.penstock.gateway;

import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.gateway.authentication.MadeKey;
import dev.penstock.gateway.inference.FakeProxy;
import dev.penstock.gateway.store.FakeSessionService;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.metrics.Metrics;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A gateway on a free port between a fake session-service and a fake proxy. */
public final class GatewayFixture implements AutoCloseable {
  public static final ServedModel GEMMA = model("gemma3:270m", true, null);
  public static final ServedModel OTHER = model("library/gemma4:e2b", false, true);

  private final Metrics metrics = new Metrics();
  private final Vertx vertx = metrics.vertx();
  public final FakeSessionService store = new FakeSessionService(vertx);
  public final FakeProxy proxy = new FakeProxy(vertx).serves(GEMMA, OTHER);
  private final GatewayService service;

  public GatewayFixture() {
    this(Map.of());
  }

  public GatewayFixture(Map<String, String> settings) {
    this(settings, List.of());
  }

  /**
   * @param keys that are kept; the first may list models
   */
  public GatewayFixture(Map<String, String> settings, List<MadeKey> keys) {
    var variables = new HashMap<String, String>();
    variables.put("HOST", "127.0.0.1");
    variables.put("PORT", "0");
    variables.put("PENSTOCK_GATEWAY_EVENT_LOOPS", "2");
    variables.put("PENSTOCK_MODEL_REFRESH_MS", "50");
    variables.put("SESSION_SERVICE_URL", store.address().toString());
    variables.put("INFERENCE_PROXY_URL", proxy.address().toString());
    variables.putAll(settings);
    keys.forEach(key -> store.keeps(key.stored()));
    var shown = keys.isEmpty() ? new String[0] : keys.getFirst().bearer();
    service = GatewayService.from(new Environment(variables), metrics, false);
    service
        .start(vertx)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> client().get("/v1/models", shown).json().path("data").size() == 2);
  }

  private static ServedModel model(String id, boolean isDefault, @Nullable Boolean continues) {
    return new ServedModel(
        id,
        1_741_824_000,
        "library",
        ServedModel.Kind.SELF_HOSTED,
        ServedModel.State.READY,
        isDefault,
        32_768,
        8192,
        continues,
        false);
  }

  public GatewayService service() {
    return service;
  }

  public Metrics metrics() {
    return metrics;
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + service.port());
  }

  public int port() {
    return service.port();
  }

  /** A client whose every exchange is held against the OpenAPI document. */
  public Client client() {
    return new Client(address());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
