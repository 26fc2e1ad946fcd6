package dev.penstock.gateway.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.access.KeyUse;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.Renewal;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Conversation state as the gateway sees it: session-service over HTTP.
 *
 * <p>Every future completes on the caller's context. What session-service refuses fails with a
 * {@code FailureException} of its code; what it cannot answer, with {@code store_unavailable}. A
 * call is repeated on the next address only where twice is once. Confined to one event loop: each
 * verticle has its own.
 */
public final class SessionStore implements TurnStore {
  private static final String AGENT_SESSIONS = "/agent-sessions";

  private final StoreClient client;

  public SessionStore(
      Vertx vertx, StoreConfig config, StoreLoad load, ServiceIdentity identity, Tracing tracing) {
    client = new StoreClient(vertx, config, load, identity, tracing);
  }

  /** The same sessions, entry by entry. */
  public ItemStore items() {
    return new ItemStore(client);
  }

  /** An API key, in force or not; empty if there is none of that id. */
  public Future<Optional<StoredKey>> key(String id) {
    return client
        .call(
            new StoreCall(Lane.FOREGROUND, HttpMethod.GET, "/keys/" + id, Map.of(), null, id, true),
            StoredKey.class)
        .map(Optional::of)
        .recover(
            cause ->
                cause instanceof FailureException known
                        && known.failure().code() == FailureCode.NOT_FOUND
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(cause));
  }

  /** Creates a session, or answers the one its key made. */
  public Future<Session.Created> create(Caller caller, Session.Create create) {
    return client.call(
        StoreCall.with(
                Lane.FOREGROUND, HttpMethod.POST, "/sessions", create, create.clientKey(), true)
            .as(caller),
        Session.Created.class);
  }

  /**
   * The caller's sessions, latest activity first.
   *
   * @param user only this person's; null for all the caller sees
   */
  public Future<Session.Page> sessions(Caller caller, PageRequest page, @Nullable String user) {
    var parameters = parameters(page);
    parameters.put("user", user);
    return client.call(
        new StoreCall(
                Lane.FOREGROUND,
                HttpMethod.GET,
                StoreCall.query("/sessions", parameters),
                Map.of(),
                null,
                caller,
                true)
            .as(caller),
        Session.Page.class);
  }

  /** One session; {@code not_found} if it is unknown or another's. */
  @Override
  public Future<Session> session(Caller caller, UUID session) {
    return client.call(
        StoreCall.get(Lane.FOREGROUND, "/sessions/" + session, session).as(caller), Session.class);
  }

  /**
   * Changes a session.
   *
   * @param mergePatch RFC 7396, checked
   * @param ifMatch an {@code If-Match} header's value; {@code version_mismatch} if it does not hold
   */
  public Future<Session> patch(
      Caller caller, UUID session, JsonNode mergePatch, @Nullable String ifMatch) {
    var call =
        StoreCall.with(
                Lane.FOREGROUND,
                HttpMethod.PATCH,
                "/sessions/" + session,
                mergePatch,
                session,
                false)
            .as(caller);
    return client.call(ifMatch == null ? call : call.header("If-Match", ifMatch), Session.class);
  }

  /** Hides a session and cancels its turn. */
  public Future<Void> delete(Caller caller, UUID session) {
    return client.call(
        StoreCall.with(
                Lane.FOREGROUND, HttpMethod.DELETE, "/sessions/" + session, null, session, false)
            .as(caller));
  }

  /** Creates a session of a client of agents, or finds the one that was there. */
  public Future<AgentSession.Created> createAgentSession(
      Caller caller, AgentSession.Create create) {
    return client.call(
        StoreCall.with(
                Lane.FOREGROUND, HttpMethod.POST, AGENT_SESSIONS, create, create.key(), false)
            .as(caller),
        AgentSession.Created.class);
  }

  /**
   * A session as clients of agents call it; {@code not_found} if it is unknown or another's.
   *
   * @param entries with all that its events are made of
   */
  public Future<AgentSession> agentSession(Caller caller, AgentSession.Key key, boolean entries) {
    var parameters = new LinkedHashMap<String, @Nullable String>();
    parameters.put("app", key.app());
    parameters.put("user", key.user());
    parameters.put("id", key.id());
    parameters.put("entries", Boolean.toString(entries));
    var target = StoreCall.query(AGENT_SESSIONS + "/one", parameters);
    return client.call(agentCall(target, key).as(caller), AgentSession.class);
  }

  /** The sessions of a user in an app, latest activity first, without entries. */
  public Future<AgentSession.Page> agentSessions(Caller caller, String app, String user) {
    var parameters = new LinkedHashMap<String, @Nullable String>();
    parameters.put("app", app);
    parameters.put("user", user);
    var target = StoreCall.query(AGENT_SESSIONS, parameters);
    return client.call(agentCall(target, user).as(caller), AgentSession.Page.class);
  }

  /** Changes a session's state. */
  public Future<AgentSession> changeAgentSession(Caller caller, AgentSession.Change change) {
    return client.call(
        StoreCall.with(
                Lane.FOREGROUND, HttpMethod.PATCH, AGENT_SESSIONS, change, change.key(), false)
            .as(caller),
        AgentSession.class);
  }

  private static StoreCall agentCall(String target, Object key) {
    return StoreCall.with(Lane.FOREGROUND, HttpMethod.GET, target, null, key, true);
  }

  /** The messages of a session. */
  public Future<Message.Page> messages(Caller caller, UUID session, PageRequest page) {
    return client.call(
        StoreCall.get(
                Lane.FOREGROUND,
                StoreCall.query("/sessions/" + session + "/messages", parameters(page)),
                session)
            .as(caller),
        Message.Page.class);
  }

  /** The turns of a session, refused and regenerated ones too. */
  @Override
  public Future<Turn.Page> turns(Caller caller, UUID session, PageRequest page) {
    return client.call(
        StoreCall.get(
                Lane.FOREGROUND,
                StoreCall.query("/sessions/" + session + "/turns", parameters(page)),
                session)
            .as(caller),
        Turn.Page.class);
  }

  /**
   * Begins to read everything a session holds; completes when session-service has begun to answer.
   */
  public Future<Export> export(Caller caller, UUID session) {
    return client
        .exchange(
            StoreCall.get(Lane.FOREGROUND, "/sessions/" + session + "/export", session).as(caller))
        .map(Export::new);
  }

  /** Accepts a turn (turns.md T-3 to T-5). */
  @Override
  public Future<Accept.Result> accept(Caller caller, Accept accept) {
    Object key =
        switch (accept.place()) {
          case Accept.Place.InSession(var session) -> session;
          case Accept.Place.InAgentSession(var session) -> session;
          case Accept.Place.OnTurn(_, var turn) -> turn;
          case Accept.Place.Chained _ -> accept.instance();
        };
    return client.call(
        StoreCall.with(Lane.FOREGROUND, HttpMethod.POST, "/turns", accept, key, true).as(caller),
        Accept.Result.class);
  }

  /** One turn; {@code not_found} if it is unknown or another's. */
  @Override
  public Future<Turn> turn(Caller caller, UUID turn) {
    return client.call(
        StoreCall.get(Lane.FOREGROUND, "/turns/" + turn, turn).as(caller), Turn.class);
  }

  /** Marks a turn for cancel, or finishes it where its owner is dead (T-34). */
  @Override
  public Future<Turn> cancel(Caller caller, UUID turn) {
    return client.call(
        StoreCall.post(Lane.FOREGROUND, "/turns/" + turn + "/cancel", null, turn).as(caller),
        Turn.class);
  }

  /** What the owner needs to generate a turn. */
  @Override
  public Future<Accept.Assignment> assignment(UUID turn, UUID instance) {
    return client.call(
        StoreCall.get(Lane.LOG, "/turns/" + turn + "/assignment?instance=" + instance, turn),
        Accept.Assignment.class);
  }

  /** Commits the end of a turn (T-13 to T-15). */
  @Override
  public Future<Finish.Result> finish(Span within, UUID turn, Finish finish) {
    return client.call(
        StoreCall.post(Lane.LOG, "/turns/" + turn + "/finish", finish, turn).within(within),
        Finish.Result.class);
  }

  /** Stores what this instance's turns gained (T-10), and confirms what it asks about (T-30). */
  @Override
  public Future<Flush.Confirmed> flush(Flush flush) {
    var call = StoreCall.post(Lane.LOG, "/log", flush, flush.instance());
    return flush.confirm().isEmpty()
        ? client.call(call).map(Flush.Confirmed.NONE)
        : client.call(call, Flush.Confirmed.class);
  }

  /** Reads what other instances' turns gained (T-29). */
  @Override
  public Future<Poll.Result> poll(Poll poll) {
    return client.call(
        StoreCall.with(Lane.LOG, HttpMethod.POST, "/log/poll", poll, "poll", true),
        Poll.Result.class);
  }

  /** Renews this instance's lease (T-20, T-21). */
  @Override
  public Future<Renewal.Result> renew(UUID instance, Renewal renewal) {
    return client.call(
        StoreCall.with(
            Lane.LEASE,
            HttpMethod.PUT,
            "/instances/" + instance + "/lease",
            renewal,
            instance,
            true),
        Renewal.Result.class);
  }

  /** Gives the lease up, at the end of a drain. */
  @Override
  public Future<Void> release(UUID instance) {
    return client.call(
        StoreCall.with(
            Lane.LEASE,
            HttpMethod.DELETE,
            "/instances/" + instance + "/lease",
            null,
            instance,
            true));
  }

  /** Adds what was asked with each key; the same batch again adds nothing. */
  public Future<Void> addKeyUse(KeyUse.Batch batch) {
    return client.call(
        StoreCall.with(Lane.LOG, HttpMethod.POST, "/key-use", batch, batch.instance(), true));
  }

  /**
   * What was asked with each of the tenant's keys, by day.
   *
   * @param from first day
   * @param to last day
   */
  public Future<KeyUse.Page> keyUse(Caller caller, LocalDate from, LocalDate to) {
    var target = "/key-use?from=" + from + "&to=" + to;
    return client.call(
        StoreCall.with(Lane.FOREGROUND, HttpMethod.GET, target, null, caller.tenant(), true)
            .as(caller),
        KeyUse.Page.class);
  }

  /** Whether session-service answers its probe. */
  public Future<Boolean> healthy() {
    return client
        .call(StoreCall.with(Lane.FOREGROUND, HttpMethod.GET, "/readyz", null, "health", true))
        .transform(answer -> Future.succeededFuture(answer.succeeded()));
  }

  private static Map<String, @Nullable String> parameters(PageRequest page) {
    var parameters = new LinkedHashMap<String, @Nullable String>();
    parameters.put("limit", Integer.toString(page.limit()));
    parameters.put("after", page.after());
    if (page.order() != null) {
      parameters.put("order", page.order().name().toLowerCase(Locale.ROOT));
    }
    return parameters;
  }
}
