package dev.penstock.gateway.store;

import static dev.penstock.gateway.store.FakeSessionService.answer;
import static dev.penstock.gateway.store.FakeSessionService.refuse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.session.Item;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The routes of single entries, in memory. */
public final class FakeItems {
  private final Map<UUID, Session> sessions;
  private final Map<UUID, List<Item>> items = new ConcurrentHashMap<>();
  private final Map<UUID, List<Item>> inputs = new ConcurrentHashMap<>();
  private volatile boolean busy;

  FakeItems(Map<UUID, Session> sessions) {
    this.sessions = sessions;
  }

  /** Whether sessions are being answered. */
  public void busy(boolean now) {
    busy = now;
  }

  /** A turn that was given these. */
  public UUID turn(ChatMessage... given) {
    var turn = FakeSessionService.uuidV7();
    var itsInputs = new ArrayList<Item>();
    for (var said : given) {
      itsInputs.add(item(null, turn, itsInputs.size() + 1, MessageDraft.of(said), false));
    }
    inputs.put(turn, itsInputs);
    return turn;
  }

  /** An answer in a session. */
  public Item answered(UUID session, ChatMessage said) {
    var all = items.computeIfAbsent(session, _ -> new ArrayList<>());
    var item =
        item(
            session,
            FakeSessionService.uuidV7(),
            all.size() + 1,
            new MessageDraft(said, null),
            true);
    all.add(item);
    return item;
  }

  List<Item> append(UUID session, List<MessageDraft> drafts) {
    var all = items.computeIfAbsent(session, _ -> new ArrayList<>());
    var from = all.size();
    for (var draft : drafts) {
      all.add(item(session, null, all.size() + 1, draft, false));
    }
    return List.copyOf(all.subList(from, all.size()));
  }

  /** Whether the request is for one of these routes. */
  boolean handle(HttpServerRequest request, Buffer body) {
    var path = request.path().substring(1).split("/");
    if (path[0].equals("messages")) {
      show(request, UUID.fromString(path[1]));
    } else if (path[0].equals("turns") && path.length > 1) {
      turn(request, UUID.fromString(path[1]));
    } else if (path.length < 3 || !path[2].matches("items|metadata")) {
      return false;
    } else if (!sessions.containsKey(UUID.fromString(path[1]))) {
      refuse(request, FailureCode.NOT_FOUND);
    } else if (path[2].equals("metadata")) {
      metadata(request, UUID.fromString(path[1]), body);
    } else {
      ofSession(request, UUID.fromString(path[1]), body);
    }
    return true;
  }

  private void metadata(HttpServerRequest request, UUID session, Buffer body) {
    ObjectNode changed = Wire.JSON.valueToTree(sessions.get(session));
    changed.set("metadata", Wire.decode(body, JsonNode.class));
    var now = Wire.decode(Wire.encode(changed), Session.class);
    sessions.put(session, now);
    answer(request, 200, now);
  }

  private void ofSession(HttpServerRequest request, UUID session, Buffer body) {
    switch (request.method().name()) {
      case "POST" -> {
        if (busy) {
          refuse(request, FailureCode.TURN_IN_PROGRESS);
        } else {
          var drafts = Wire.decode(body, Item.Append.class).messages();
          answer(request, 200, new Item.Page(append(session, drafts)));
        }
      }
      case "DELETE" -> remove(request, session);
      default -> list(request, session);
    }
  }

  private void list(HttpServerRequest request, UUID session) {
    var all = new ArrayList<>(items.getOrDefault(session, List.of()));
    var ordered = request.getParam("order").equals("desc") ? all.reversed() : all;
    var from = request.getParam("from");
    var call = request.getParam("from_call");
    var start = 0;
    if (from != null || call != null) {
      var found = ordered.stream().filter(from == null ? calls(call) : named(from)).findFirst();
      if (found.isEmpty()) {
        refuse(request, FailureCode.NOT_FOUND);
        return;
      }
      start = ordered.indexOf(found.get());
    }
    var limit = Integer.parseInt(request.getParam("limit"));
    answer(request, 200, new Item.Page(ordered.stream().skip(start).limit(limit).toList()));
  }

  private void remove(HttpServerRequest request, UUID session) {
    var message = request.getParam("message");
    var named = message == null ? calls(request.getParam("call")) : named(message);
    if (items.getOrDefault(session, List.of()).removeIf(named)) {
      answer(request, 200, Objects.requireNonNull(sessions.get(session)));
    } else {
      refuse(request, FailureCode.NOT_FOUND);
    }
  }

  private void show(HttpServerRequest request, UUID id) {
    items.values().stream()
        .flatMap(List::stream)
        .filter(named(id.toString()))
        .findFirst()
        .ifPresentOrElse(
            item -> answer(request, 200, item), () -> refuse(request, FailureCode.NOT_FOUND));
  }

  private void turn(HttpServerRequest request, UUID id) {
    var deletes = request.method().name().equals("DELETE");
    var its = Optional.ofNullable(deletes ? inputs.remove(id) : inputs.get(id));
    if (its.isEmpty()) {
      refuse(request, FailureCode.NOT_FOUND);
    } else if (deletes) {
      request.response().setStatusCode(204).end();
    } else {
      answer(request, 200, new Item.Page(its.get()));
    }
  }

  private static Predicate<Item> named(String id) {
    return item ->
        item.message().id().toString().equals(id)
            || (item.answer() && id.equals(String.valueOf(item.message().turnId())));
  }

  private static Predicate<Item> calls(String call) {
    return item -> item.message().toolCalls().stream().anyMatch(each -> each.id().equals(call));
  }

  private static Item item(
      @Nullable UUID session,
      @Nullable UUID turn,
      int ordinal,
      MessageDraft draft,
      boolean answer) {
    var said = draft.said();
    return new Item(
        new Message(
            FakeSessionService.uuidV7(),
            session,
            turn,
            ordinal,
            said.role(),
            said.text(),
            null,
            Message.Status.COMPLETE,
            null,
            null,
            said.toolCalls(),
            said.toolCallId(),
            said.toolName(),
            Instant.ofEpochMilli(1_795_000_000_000L)),
        answer,
        draft.extra());
  }
}
