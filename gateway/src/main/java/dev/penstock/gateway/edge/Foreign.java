package dev.penstock.gateway.edge;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** What of a request says that a page of somebody else's sent it. */
public enum Foreign {
  /** A name that is not loopback's, which somebody made resolve to loopback. */
  HOST("Use localhost or 127.0.0.1 as the host."),
  /** A page that was loaded from elsewhere. */
  ORIGIN("Requests from other origins are not allowed.");

  private static final String KEY = Foreign.class.getName();

  private final String detail;

  Foreign(String detail) {
    this.detail = detail;
  }

  /** Why the request was refused at the door; empty for one that was not. */
  public static Optional<Foreign> of(RoutingContext ctx) {
    return Optional.ofNullable(ctx.get(KEY));
  }

  /** Refuses the request. */
  RuntimeException refuse(RoutingContext ctx) {
    ctx.put(KEY, this);
    return Failure.of(FailureCode.FORBIDDEN, detail).asException();
  }
}
