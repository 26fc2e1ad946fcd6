package dev.penstock.gateway.request;

import dev.penstock.gateway.problem.Problems;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** Ids in paths: UUIDs in canonical lower-case text. */
public final class PathIds {
  private static final int LENGTH = 36;

  private PathIds() {}

  /**
   * The id in a path parameter.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 if it is malformed
   */
  public static UUID of(RoutingContext ctx, String parameter) {
    var text = ctx.pathParam(parameter);
    if (text != null && text.length() == LENGTH) {
      try {
        var id = UUID.fromString(text);
        if (id.toString().equals(text)) {
          return id;
        }
      } catch (IllegalArgumentException e) {
        // falls through to the same sentence
      }
    }
    throw Problems.invalid(parameter, "a UUID in canonical lower-case text");
  }
}
