package dev.penstock.gateway.openapi;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request and its whole answer, as a client saw them.
 *
 * @param target path and query as sent
 * @param requestBody null for none
 * @param responseHeaders any case; one value each
 */
public record Exchange(
    String method,
    String target,
    @Nullable String requestBody,
    int status,
    Map<String, String> responseHeaders,
    String responseBody) {

  public Exchange {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(responseHeaders);
    responseHeaders = headers;
  }

  String path() {
    var query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  String query() {
    var query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  /** The media type without its parameters; empty where there is none. */
  String mediaType() {
    var type = responseHeaders.getOrDefault("Content-Type", "");
    return type.split(";")[0].strip().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return method + " " + target + " → " + status;
  }
}
