package dev.penstock.proxy;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.proxy.relay.RelayLimits;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real inference-proxy on port 0, and a caller of it. */
public final class ProxyDriver implements AutoCloseable {
  private final InferenceProxy proxy;
  private final Metrics metrics = new Metrics();
  private final Vertx vertx = metrics.vertx();
  private final HttpClient client;

  private ProxyDriver(ProxyConfig config) {
    proxy = new InferenceProxy(config, metrics);
    Await.done(proxy.start(vertx));
    client =
        vertx
            .httpClientBuilder()
            .with(new HttpClientOptions().setReceiveBufferSize(16 * 1024))
            .with(new PoolOptions().setHttp1MaxSize(1_000))
            .build();
  }

  /** A proxy in front of those Ollamas. */
  public static ProxyDriver start(Map<String, String> settings, FakeOllama... ollamas) {
    var urls = String.join(",", List.of(ollamas).stream().map(FakeOllama::url).toList());
    return start(settings, urls);
  }

  /** A proxy in front of the Ollamas at those addresses. */
  public static ProxyDriver start(Map<String, String> settings, String urls) {
    return new ProxyDriver(config(settings, urls));
  }

  /** A proxy in front of the model servers that a configuration file names. */
  public static ProxyDriver startWith(Path file) {
    return startWith(file, Map.of());
  }

  /** A proxy in front of the model servers that a configuration file names. */
  public static ProxyDriver startWith(Path file, Map<String, String> settings) {
    return new ProxyDriver(config(file, settings));
  }

  /** A proxy that holds {@code started} back until something is known, however slow the machine. */
  public static ProxyDriver startHoldingBack(FakeOllama ollama) {
    return new ProxyDriver(holdingBack(config(Map.of(), ollama.url())));
  }

  /** The same in front of the model servers that a configuration file names. */
  public static ProxyDriver startHoldingBack(Path file, Map<String, String> settings) {
    return new ProxyDriver(holdingBack(config(file, settings)));
  }

  private static ProxyConfig holdingBack(ProxyConfig usual) {
    var limits = usual.relay();
    return new ProxyConfig(
        usual.listen(),
        usual.serving(),
        usual.defaultModel(),
        usual.maxOutputTokens(),
        usual.admission(),
        new RelayLimits(
            limits.firstToken(), limits.betweenTokens(), limits.firstToken(), limits.stall()),
        usual.embeddings(),
        usual.times(),
        usual.connectTimeout(),
        usual.identity(),
        usual.callers(),
        usual.maxBodyBytes(),
        usual.instances(),
        usual.vllmMetrics());
  }

  private static ProxyConfig config(Path file, Map<String, String> settings) {
    return ProxyConfig.from(
        new Environment(settings).with("PENSTOCK_CONFIG", file.toString()).with("PORT", "0"),
        false);
  }

  private static ProxyConfig config(Map<String, String> settings, String urls) {
    return ProxyConfig.from(
        new Environment(settings)
            .with("OLLAMA_URL", urls)
            .with("PORT", "0")
            .with("GEMMA_MODEL_NAME", settings.getOrDefault("GEMMA_MODEL_NAME", "gemma3:1b")),
        false);
  }

  /** A request with a short conversation. */
  public static GenerationRequest request() {
    return request(GenerationOptions.NONE);
  }

  public static GenerationRequest request(GenerationOptions options) {
    return new GenerationRequest(
        "default",
        null,
        "gemma3:1b",
        List.of(
            new ChatMessage(Role.SYSTEM, "You are Gem."),
            new ChatMessage(Role.USER, "What do red pandas eat?")),
        options,
        false,
        Priority.INTERACTIVE,
        60_000);
  }

  public static GenerationRequest withDeadline(long ms) {
    var base = request();
    return new GenerationRequest(
        base.tenant(),
        base.conversation(),
        base.model(),
        base.messages(),
        base.options(),
        base.continuesAnswer(),
        base.priority(),
        ms);
  }

  public Call generate() {
    return generate(request());
  }

  public Call generate(GenerationRequest request) {
    return call(HttpMethod.POST, "/generations", Wire.encode(request).toString());
  }

  public JsonObject get(String path) {
    return call(HttpMethod.GET, path, "").json();
  }

  public Call call(HttpMethod method, String path, String body) {
    return new Call(client, method, proxy.port(), path, body);
  }

  public InferenceProxy service() {
    return proxy;
  }

  /** The value of a gauge on the metrics page, for example {@code chat_slots_in_use}. */
  public double gauge(String name) {
    return value(name);
  }

  /** The sum of the samples of that name on the metrics page with all those labels. */
  public double value(String name, String... labels) {
    return page()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** The metrics page. */
  public String page() {
    return metrics.scrape();
  }

  /** Waits until every upstream has told which models it has. */
  public ProxyDriver knowingItsUpstreams() {
    Await.until(
        () -> {
          get("/models");
          var states = get("/health").getJsonObject("dependencies").getMap().values();
          return states.stream().allMatch("healthy"::equals);
        },
        "every upstream to be known");
    return this;
  }

  /** Waits until no slot is lent and nothing is relayed: whatever a test did, nothing leaks. */
  public void awaitIdle() {
    Await.until(
        () ->
            gauge("chat_slots_in_use") == 0
                && gauge("chat_streams_active") == 0
                && gauge("chat_queue_depth") == 0,
        "every slot to be free again");
  }

  @Override
  public void close() {
    Await.done(vertx.close());
  }
}
