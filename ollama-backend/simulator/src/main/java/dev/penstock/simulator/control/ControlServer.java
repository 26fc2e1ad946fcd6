package dev.penstock.simulator.control;

import dev.penstock.simulator.engine.Journal;
import dev.penstock.simulator.engine.Resident;
import dev.penstock.simulator.engine.Scheduler;
import dev.penstock.simulator.fault.Faults;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The control port. Confined to the simulator's event loop.
 *
 * <pre>
 * POST   /faults   an order as {@link FaultJson} has it       201
 * GET    /faults   {"faults":[…]}, those in force             200
 * DELETE /faults   forgets them                               204
 * GET    /state    slots, queues, counts, the last cancels    200
 * </pre>
 */
public final class ControlServer implements Handler<HttpServerRequest> {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final Faults faults;
  private final Scheduler scheduler;
  private final Journal journal;

  /** A control port of one simulator. */
  public ControlServer(Faults faults, Scheduler scheduler, Journal journal) {
    this.faults = faults;
    this.scheduler = scheduler;
    this.journal = journal;
  }

  @Override
  public void handle(HttpServerRequest request) {
    switch (request.method().name() + " " + request.path()) {
      case "GET /state" -> answer(request, 200, state());
      case "GET /faults" -> answer(request, 200, new JsonObject().put("faults", inForce()));
      case "POST /faults" -> order(request);
      case "DELETE /faults" -> {
        faults.clear();
        request.response().setStatusCode(204).end();
      }
      default ->
          answer(request, 404, new JsonObject().put("error", "only /faults and /state are here"));
    }
  }

  private void order(HttpServerRequest request) {
    var body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() <= MAX_BODY_BYTES) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        _ -> {
          try {
            if (body.length() > MAX_BODY_BYTES) {
              throw new IllegalArgumentException("at most " + MAX_BODY_BYTES + " bytes");
            }
            var order = FaultJson.parse(body.toString(StandardCharsets.UTF_8));
            faults.add(order);
            answer(request, 201, FaultJson.toJson(order));
          } catch (IllegalArgumentException e) {
            var error = "expected " + e.getMessage();
            answer(request, 400, new JsonObject().put("error", error));
          } catch (IllegalStateException e) {
            answer(request, 409, new JsonObject().put("error", e.getMessage()));
          }
        });
  }

  private JsonArray inForce() {
    var orders = new JsonArray();
    faults.inForce().forEach(order -> orders.add(FaultJson.toJson(order)));
    return orders;
  }

  private JsonObject state() {
    var models = new JsonArray();
    scheduler.residents().forEach(resident -> models.add(model(resident)));
    var cancels = new JsonArray();
    journal.lastCancels().forEach(cancel -> cancels.add(cancel(cancel)));
    return new JsonObject()
        .put("now", Instant.now().toString())
        .put("requests", journal.requests())
        .put("generations", journal.generations())
        .put("answers", journal.answers())
        .put("cancels", journal.cancels())
        .put("loading", scheduler.loadingModel())
        .put("waiting_for_load", scheduler.waitingForLoad())
        .put("models", models)
        .put("last_cancels", cancels)
        .put("faults", inForce());
  }

  private static JsonObject model(Resident resident) {
    return new JsonObject()
        .put("name", resident.model().name())
        .put("slots", resident.slotCount())
        .put("slots_in_use", resident.slotsInUse())
        .put("waiting", resident.waiting())
        .put("prompt_tokens", resident.promptTokens())
        .put("cached_tokens", resident.cachedTokens())
        .put("expires_at", resident.expiresAt().toString());
  }

  private static JsonObject cancel(Journal.Cancel cancel) {
    return new JsonObject()
        .put("at", cancel.at().toString())
        .put("model", cancel.model())
        .put("phase", cancel.phase())
        .put("tokens", cancel.tokens());
  }

  private static void answer(HttpServerRequest request, int status, JsonObject json) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(json.toBuffer());
  }
}
