package dev.penstock.session;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Renewal;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.metrics.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A session-service on a free port, and a gateway's calls to it over real HTTP. */
public final class SessionServiceDriver implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Metrics metrics = new Metrics();
  private final Vertx vertx = metrics.vertx();
  private final SessionService service;

  /** What came back. */
  public record Answer(int status, HttpResponse<String> response) {
    public <T> T as(Class<T> type) {
      return Wire.decode(Buffer.buffer(response.body()), type);
    }

    public @Nullable String code() {
      return Wire.decode(response.body(), com.fasterxml.jackson.databind.JsonNode.class)
          .path("code")
          .asText(null);
    }
  }

  private SessionServiceDriver(TestDatabase database, Map<String, String> settings) {
    var environment =
        new Environment(settings).with("DATABASE_URL", database.url()).with("PORT", "0");
    service = SessionService.from(environment, metrics);
    try {
      service.start(vertx).await();
    } catch (RuntimeException e) {
      vertx.close().await();
      throw e;
    }
    // Lives as long as any test, unless a test says otherwise.
    database.run(
        "INSERT INTO instance (id, kind, lease_until, alive_since) VALUES ('"
            + Accepts.GATEWAY
            + "', 'gateway', clock_timestamp() + interval '1 hour', clock_timestamp())"
            + " ON CONFLICT DO NOTHING");
  }

  public static SessionServiceDriver start(TestDatabase database) {
    return new SessionServiceDriver(database, Map.of());
  }

  public static SessionServiceDriver start(TestDatabase database, Map<String, String> settings) {
    return new SessionServiceDriver(database, settings);
  }

  public Metrics metrics() {
    return metrics;
  }

  public SessionService service() {
    return service;
  }

  /** Sends, and holds the exchange against the OpenAPI document. */
  public Answer send(
      String method, String path, Map<String, String> headers, @Nullable String body) {
    var answer = exchange(method, path, headers, body);
    var response = answer.response();
    OpenApi.check(
        method,
        path,
        body,
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        response.body());
    return answer;
  }

  /** Sends what need not be documented. */
  Answer exchange(String method, String path, Map<String, String> headers, @Nullable String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
            .timeout(LIMIT)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    try {
      var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** In the name of tenant {@code default}. */
  public Answer send(String method, String path, @Nullable Object body) {
    return send(
        method, path, Map.of("Penstock-Tenant", "default"), body == null ? null : Wire.text(body));
  }

  public Answer get(String path) {
    return send("GET", path, null);
  }

  public Session createSession() {
    return createSession(null);
  }

  public Session createSession(@Nullable String instruction) {
    var create =
        new Session.Create(
            null,
            null,
            instruction,
            null,
            null,
            GenerationOptions.NONE,
            Map.of(),
            UUID.randomUUID().toString(),
            "hash");
    return send("POST", "/sessions", create).as(Session.Created.class).session();
  }

  public Session session(UUID id) {
    return get("/sessions/" + id).as(Session.class);
  }

  public Accept.Result accept(Accept accept) {
    return send("POST", "/turns", accept).as(Accept.Result.class);
  }

  /** Accepts a question that nothing stands in the way of. */
  public Turn ask(UUID session, String text) {
    return ((Accept.Result.Accepted) accept(Accepts.question(session, text))).assignment().turn();
  }

  public Turn turn(UUID id) {
    return get("/turns/" + id).as(Turn.class);
  }

  /** The session of a turn, as it is now. */
  public Session sessionOf(Turn turn) {
    return session(Objects.requireNonNull(turn.sessionId()));
  }

  /** The text a turn has. */
  public Turn.Output output(UUID turn) {
    return Objects.requireNonNull(turn(turn).output());
  }

  public Answer flush(LogRow... rows) {
    return send("POST", "/log", new Flush(Accepts.GATEWAY, List.of(rows), List.of()));
  }

  public Poll.Progress poll(UUID turn, int attempt, int seq) {
    var poll = new Poll(List.of(new Poll.Cursor(turn, attempt, seq)));
    return send("POST", "/log/poll", poll).as(Poll.Result.class).turns().getFirst();
  }

  public Finish.Result finish(UUID turn, Finish finish) {
    return send("POST", "/turns/" + turn + "/finish", finish).as(Finish.Result.class);
  }

  public Renewal.Result renew(UUID instance, UUID... running) {
    return send(
            "PUT",
            "/instances/" + instance + "/lease",
            new Renewal(List.of(running), List.of(), false))
        .as(Renewal.Result.class);
  }

  /** The failure a refused accept carries. */
  public static FailureCode codeOf(Accept.Result result) {
    return ((Accept.Result.Refused) result).failure().code();
  }

  @Override
  public void close() {
    service.drain().await();
    vertx.close().await();
  }
}
