package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.request.Query;
import dev.penstock.gateway.store.SessionStore;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/**
 * {@code GET /v1/usage?from&to}: what was asked with each of the tenant's keys on each day, {@code
 * {data:[{key, day, requests, input_tokens, output_tokens, gpu_ms, refused}]}}, for credentials
 * with the scope {@code admin}.
 */
public final class UsageRoutes {
  private static final int USUAL_DAYS = 30;
  private static final int MOST_DAYS = 366;
  private static final String DAY = "a day such as 2026-11-21";

  private final SessionStore store;

  public UsageRoutes(SessionStore store) {
    this.store = store;
  }

  /** Mounts the route. */
  public void mount(Router router) {
    router.get("/v1/usage").handler(this::show);
  }

  private void show(RoutingContext ctx) {
    var caller = Caller.of(ctx);
    if (!caller.rights().include(Scope.ADMIN)) {
      throw Failure.of(FailureCode.FORBIDDEN, "Use is shown to credentials with the scope admin.")
          .asException();
    }
    var query = Query.of(ctx.request(), "from", "to");
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var to = day(query, "to", LocalDate.now(ZoneOffset.UTC));
    var from = day(query, "from", to.minusDays(USUAL_DAYS - 1));
    if (from.isAfter(to) || ChronoUnit.DAYS.between(from, to) >= MOST_DAYS) {
      throw Problems.invalid("from", "a day at most " + MOST_DAYS + " days before the one of to");
    }
    store
        .keyUse(caller, from, to)
        .onSuccess(page -> Json.send(ctx, 200, page))
        .onFailure(ctx::fail);
  }

  private static LocalDate day(Query query, String name, LocalDate absent) {
    var text = query.find(name);
    try {
      return text == null ? absent : LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw Problems.invalid(name, DAY);
    }
  }
}
