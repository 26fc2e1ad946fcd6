package dev.penstock.gateway.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.access.KeyUse;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.Renewal;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session-service that keeps sessions in memory, over real HTTP. What it is asked is on record;
 * messages, turns and exports are what the test gives it.
 */
public final class FakeSessionService implements AutoCloseable {
  /** One request as it came. */
  public record Asked(HttpMethod method, String uri, MultiMap headers, Buffer body) {
    public JsonNode json() {
      return Wire.decode(body, JsonNode.class);
    }
  }

  private record Key(String hash, UUID session) {}

  private static final AtomicLong CLOCK = new AtomicLong();

  private final Map<UUID, Session> sessions = new ConcurrentHashMap<>();
  private final Map<String, Key> keys = new HashMap<>();
  private final Map<UUID, List<Message>> messages = new ConcurrentHashMap<>();
  private final Map<UUID, List<Turn>> turns = new ConcurrentHashMap<>();
  private final Map<String, StoredKey> apiKeys = new ConcurrentHashMap<>();
  private final FakeItems items = new FakeItems(sessions);
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final List<KeyUse.Batch> keyUse = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile boolean keyUseRefused;
  private volatile @Nullable Consumer<HttpServerRequest> behaviour;

  public FakeSessionService(Vertx vertx) {
    server = await(vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** What it holds entry by entry. */
  public FakeItems items() {
    return items;
  }

  /** Reports of use are taken down, and refused. */
  public void refusesKeyUse(boolean now) {
    keyUseRefused = now;
  }

  /** Every report of use so far. */
  public List<KeyUse.Batch> keyUse() {
    return keyUse;
  }

  /** Every request so far but those for health, leases and reports of use. */
  public List<Asked> asked() {
    return asked;
  }

  public Asked lastAsked() {
    return asked.getLast();
  }

  public int sessionCount() {
    return sessions.size();
  }

  /** From now on every other request is answered by this; null for as usual. */
  public void behaves(@Nullable Consumer<HttpServerRequest> how) {
    behaviour = how;
  }

  public void holds(UUID session, List<Message> itsMessages, List<Turn> itsTurns) {
    messages.put(session, itsMessages);
    turns.put(session, itsTurns);
  }

  /** Keeps an API key, or what became of it. */
  public void keeps(StoredKey key) {
    apiKeys.put(key.id(), key);
  }

  /** How often keys were looked up. */
  public long keyLookups() {
    return asked.stream().filter(each -> each.uri().startsWith("/keys/")).count();
  }

  public Session add(String title) {
    var session = session(UUID.randomUUID(), title, null);
    sessions.put(session.id(), session);
    return session;
  }

  public static UUID uuidV7() {
    var millis = System.currentTimeMillis();
    var random = UUID.randomUUID();
    return new UUID(
        millis << 16 | 0x7000 | (random.getMostSignificantBits() & 0xfff),
        random.getLeastSignificantBits());
  }

  @Override
  public void close() {
    await(server.close());
  }

  private void handle(HttpServerRequest request) {
    if (request.path().matches("/(live|ready)z")) {
      request.response().end("{}");
      return;
    }
    if (request.path().startsWith("/instances/")) {
      answer(request, 200, new Renewal.Result(List.of(), List.of(), List.of(), List.of(), 1));
      return;
    }
    if (request.path().equals("/key-use") && request.method().equals(HttpMethod.POST)) {
      request.body().onSuccess(body -> keyUse(request, body));
      return;
    }
    request
        .body()
        .onSuccess(
            body -> {
              asked.add(new Asked(request.method(), request.uri(), request.headers(), body));
              var how = behaviour;
              if (how != null) {
                how.accept(request);
              } else {
                route(request, body);
              }
            });
  }

  private void keyUse(HttpServerRequest request, Buffer body) {
    keyUse.add(Wire.decode(body, KeyUse.Batch.class));
    if (keyUseRefused) {
      refuse(request, FailureCode.STORE_UNAVAILABLE);
    } else {
      request.response().setStatusCode(204).end();
    }
  }

  private void route(HttpServerRequest request, Buffer body) {
    var segments = request.path().substring(1).split("/");
    if (items.handle(request, body)) {
      return;
    }
    if (segments[0].equals("keys")) {
      var key = apiKeys.get(segments[1]);
      if (key == null) {
        refuse(request, FailureCode.NOT_FOUND);
      } else {
        answer(request, 200, key);
      }
    } else if (request.path().equals("/turns")) {
      // It has no sessions that clients name.
      var unknown = Failure.of(FailureCode.NOT_FOUND, "There is no such session.");
      answer(request, 200, new Accept.Result.Refused(unknown));
    } else if (!segments[0].equals("sessions")) {
      refuse(request, FailureCode.NOT_FOUND);
    } else if (segments.length == 1) {
      if (request.method().equals(HttpMethod.POST)) {
        create(request, Wire.decode(body, Session.Create.class));
      } else {
        list(request);
      }
    } else {
      var session = sessions.get(UUID.fromString(segments[1]));
      if (session == null) {
        refuse(request, FailureCode.NOT_FOUND);
      } else if (segments.length == 2) {
        one(request, session, body);
      } else {
        held(request, session, segments[2]);
      }
    }
  }

  private synchronized void create(HttpServerRequest request, Session.Create create) {
    var known = keys.get(create.clientKey());
    if (known != null) {
      if (!known.hash().equals(create.requestHash())) {
        refuse(request, FailureCode.IDEMPOTENCY_KEY_REUSED);
      } else {
        answer(
            request,
            200,
            new Session.Created(Objects.requireNonNull(sessions.get(known.session())), true));
      }
      return;
    }
    var session =
        new Session(
            uuidV7(),
            create.title(),
            create.user(),
            create.instruction(),
            create.agent(),
            create.model(),
            create.options(),
            create.metadata(),
            1,
            0,
            null,
            now(),
            now());
    sessions.put(session.id(), session);
    items.append(session.id(), create.messages());
    keys.put(create.clientKey(), new Key(create.requestHash(), session.id()));
    answer(request, 201, new Session.Created(session, false));
  }

  private void list(HttpServerRequest request) {
    var limit = Integer.parseInt(request.getParam("limit"));
    var user = request.getParam("user");
    var after = request.getParam("after");
    if (after != null && !after.startsWith("c")) {
      refuse(request, FailureCode.INVALID_REQUEST);
      return;
    }
    var from = after == null ? 0 : Integer.parseInt(after.substring(1));
    var all =
        sessions.values().stream()
            .filter(session -> user == null || user.equals(session.user()))
            .sorted(Comparator.comparing(Session::updatedAt).reversed())
            .toList();
    var data = all.stream().skip(from).limit(limit).toList();
    answer(
        request,
        200,
        new Session.Page(data, from + limit < all.size() ? "c" + (from + limit) : null));
  }

  private void one(HttpServerRequest request, Session session, Buffer body) {
    switch (request.method().name()) {
      case "GET" -> answer(request, 200, session);
      case "DELETE" -> {
        sessions.remove(session.id());
        request.response().setStatusCode(204).end();
      }
      default -> {
        var ifMatch = request.getHeader("If-Match");
        if (ifMatch != null && !ifMatch.equals("\"" + session.version() + "\"")) {
          refuse(request, FailureCode.VERSION_MISMATCH);
          return;
        }
        ObjectNode changed = Wire.JSON.valueToTree(session);
        merge(changed, Wire.decode(body, JsonNode.class));
        changed.put("version", session.version() + 1);
        var now = Wire.decode(Wire.encode(changed), Session.class);
        sessions.put(now.id(), now);
        answer(request, 200, now);
      }
    }
  }

  private static void merge(ObjectNode target, JsonNode patch) {
    patch
        .properties()
        .forEach(
            member -> {
              var value = member.getValue();
              var name = member.getKey();
              if (value.isObject()) {
                merge(
                    target.get(name) instanceof ObjectNode old ? old : target.putObject(name),
                    value);
              } else if (value.isNull()) {
                target.remove(name);
              } else {
                target.set(name, value);
              }
            });
  }

  private void held(HttpServerRequest request, Session session, String what) {
    var itsMessages = messages.getOrDefault(session.id(), List.of());
    var itsTurns = turns.getOrDefault(session.id(), List.of());
    switch (what) {
      case "messages" -> answer(request, 200, new Message.Page(itsMessages, null));
      case "turns" -> answer(request, 200, new Turn.Page(itsTurns, null));
      default -> {
        var export = new LinkedHashMap<String, Object>();
        export.put("session", session);
        export.put("messages", itsMessages);
        export.put("turns", itsTurns);
        answer(request, 200, export);
      }
    }
  }

  private static Session session(UUID id, String title, @Nullable String user) {
    return new Session(
        id,
        title,
        user,
        null,
        null,
        null,
        GenerationOptions.NONE,
        Map.of(),
        1,
        0,
        null,
        now(),
        now());
  }

  private static Instant now() {
    return Instant.ofEpochMilli(1_795_000_000_000L + CLOCK.incrementAndGet());
  }

  public static void answer(HttpServerRequest request, int status, Object document) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Wire.encode(document));
  }

  public static void refuse(HttpServerRequest request, FailureCode code) {
    var problem = new LinkedHashMap<String, Object>();
    problem.put("type", "/problems/" + code.wire());
    problem.put("status", code.status());
    problem.put("code", code.wire());
    problem.put("detail", "Said by session-service.");
    request
        .response()
        .setStatusCode(code.status())
        .putHeader("Content-Type", "application/problem+json")
        .end(Wire.encode(problem));
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
  }

  /** A copy, for tests that compare. */
  public List<Session> sessions() {
    return new ArrayList<>(sessions.values());
  }
}
