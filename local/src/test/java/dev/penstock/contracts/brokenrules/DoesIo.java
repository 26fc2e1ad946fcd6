package dev.penstock.contracts.brokenrules;

import dev.penstock.kit.drain.Readiness;
import io.vertx.core.Vertx;

/** Breaks: contracts do no I/O, and know no other module. */
public final class DoesIo {
  private DoesIo() {}

  public static boolean draining(Vertx vertx, Readiness readiness) {
    return vertx.isClustered() || readiness.isDraining();
  }
}
