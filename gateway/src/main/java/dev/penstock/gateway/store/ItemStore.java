package dev.penstock.gateway.store;

import dev.penstock.contracts.session.Item;
import dev.penstock.contracts.session.Session;
import dev.penstock.gateway.caller.Caller;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Single entries of conversations, for dialects that show, add and take out such. Futures and
 * threads as {@link SessionStore}'s, whose connections it uses.
 */
public final class ItemStore {
  private final StoreClient client;

  ItemStore(StoreClient client) {
    this.client = client;
  }

  /** Shown messages of a session; {@code not_found} also where it has no such place. */
  public Future<Item.Page> items(Caller caller, UUID session, ItemRange range) {
    var parameters = new LinkedHashMap<String, @Nullable String>();
    parameters.put("limit", Integer.toString(range.limit()));
    parameters.put("order", range.order().name().toLowerCase(Locale.ROOT));
    parameters.put("from", range.from() == null ? null : range.from().toString());
    parameters.put("from_call", range.fromCall());
    return client.call(
        StoreCall.get(Lane.FOREGROUND, StoreCall.query(path(session), parameters), session)
            .as(caller),
        Item.Page.class);
  }

  /**
   * Adds 1 to 20 messages behind all others, all or none, or answers what its key added; {@code
   * turn_in_progress} while the session is being answered.
   */
  public Future<Item.Page> add(Caller caller, UUID session, Item.Append append) {
    return client.call(
        StoreCall.post(Lane.FOREGROUND, path(session), append, session).as(caller),
        Item.Page.class);
  }

  /**
   * Takes a message's text out, and the message with it unless it asks for calls.
   *
   * @param message its id, or that of the turn whose answer it is
   */
  public Future<Session> removeMessage(Caller caller, UUID session, UUID message) {
    return remove(caller, session, "message", message.toString());
  }

  /** Takes one call out, and its message with it if that has nothing else. */
  public Future<Session> removeCall(Caller caller, UUID session, String call) {
    return remove(caller, session, "call", call);
  }

  private Future<Session> remove(Caller caller, UUID session, String kind, String id) {
    return client.call(
        StoreCall.with(
                Lane.FOREGROUND,
                HttpMethod.DELETE,
                StoreCall.query(path(session), Map.of(kind, id)),
                null,
                session,
                false)
            .as(caller),
        Session.class);
  }

  /**
   * A shown message of whatever conversation of this caller.
   *
   * @param id its own, or that of the turn whose answer it is
   */
  public Future<Item> message(Caller caller, UUID id) {
    return client.call(
        StoreCall.get(Lane.FOREGROUND, "/messages/" + id, id).as(caller), Item.class);
  }

  /** What a turn was given, in order. */
  public Future<Item.Page> inputs(Caller caller, UUID turn) {
    return client.call(
        StoreCall.get(Lane.FOREGROUND, "/turns/" + turn + "/inputs", turn).as(caller),
        Item.Page.class);
  }

  /** Cancels a turn if it is unfinished and hides it; its messages stay in their session. */
  public Future<Void> deleteTurn(Caller caller, UUID turn) {
    return client.call(
        StoreCall.with(Lane.FOREGROUND, HttpMethod.DELETE, "/turns/" + turn, null, turn, false)
            .as(caller));
  }

  /** Puts metadata in the place of all that a session has. */
  public Future<Session> putMetadata(Caller caller, UUID session, Map<String, String> metadata) {
    return client.call(
        StoreCall.with(
                Lane.FOREGROUND,
                HttpMethod.PUT,
                "/sessions/" + session + "/metadata",
                metadata,
                session,
                true)
            .as(caller),
        Session.class);
  }

  private static String path(UUID session) {
    return "/sessions/" + session + "/items";
  }
}
