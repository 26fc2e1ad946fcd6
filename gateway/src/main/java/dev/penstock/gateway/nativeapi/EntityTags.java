package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.session.Session;
import dev.penstock.gateway.problem.Problems;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The entity tags of an {@code If-Match} or {@code If-None-Match} header (RFC 9110 section 13.1).
 *
 * @param any the header was {@code *}
 */
record EntityTags(boolean any, List<String> tags) {
  private static final Pattern TAG = Pattern.compile("\\s*((?:W/)?\"[\\x21\\x23-\\x7e]*\")\\s*");
  private static final String WEAK = "W/";

  /** A session's tag: {@code "{version}"}. */
  static String of(Session session) {
    return "\"" + session.version() + "\"";
  }

  /**
   * The tags a header names; none where it is absent.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 if they are malformed
   */
  static EntityTags of(HttpServerRequest request, String header) {
    var value = String.join(",", request.headers().getAll(header)).strip();
    if (value.equals("*")) {
      return new EntityTags(true, List.of());
    }
    var tags = new ArrayList<String>();
    for (var part : value.isEmpty() ? new String[0] : value.split(",")) {
      var tag = TAG.matcher(part);
      if (!tag.matches()) {
        throw Problems.invalid(header, "entity tags in quotes, or *");
      }
      tags.add(tag.group(1));
    }
    return new EntityTags(false, tags);
  }

  boolean isEmpty() {
    return !any && tags.isEmpty();
  }

  /** The comparison of {@code If-None-Match}. */
  boolean matchesWeakly(String current) {
    return any || tags.stream().anyMatch(tag -> tag.equals(current) || tag.equals(WEAK + current));
  }

  /** The comparison of {@code If-Match}. */
  boolean matchesStrongly(String current) {
    return any || tags.contains(current);
  }
}
