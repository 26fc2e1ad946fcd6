package dev.penstock.gateway.store;

import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.caller.Caller;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request to session-service, not yet bound to an address.
 *
 * @param target path and query
 * @param key calls with equal keys prefer the same address
 * @param within the span it is a part of
 * @param repeatable whether doing it twice is the same as once, so that it may be sent again when
 *     the connection broke before an answer
 */
record StoreCall(
    Lane lane,
    HttpMethod method,
    String target,
    Map<String, String> headers,
    @Nullable Buffer body,
    Object key,
    boolean repeatable,
    Span within) {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** A call outside every trace. */
  StoreCall(
      Lane lane,
      HttpMethod method,
      String target,
      Map<String, String> headers,
      @Nullable Buffer body,
      Object key,
      boolean repeatable) {
    this(lane, method, target, headers, body, key, repeatable, Span.getInvalid());
  }

  static StoreCall get(Lane lane, String target, UUID key) {
    return new StoreCall(lane, HttpMethod.GET, target, Map.of(), null, key, true);
  }

  static StoreCall post(Lane lane, String target, @Nullable Object body, UUID key) {
    return with(lane, HttpMethod.POST, target, body, key, true);
  }

  static StoreCall with(
      Lane lane,
      HttpMethod method,
      String target,
      @Nullable Object body,
      Object key,
      boolean repeatable) {
    return new StoreCall(
        lane,
        method,
        target,
        body == null ? Map.of() : Map.of("Content-Type", "application/json"),
        body == null ? null : Wire.encode(body),
        key,
        repeatable);
  }

  StoreCall as(Caller caller) {
    var call = header("Penstock-Tenant", caller.tenant()).within(caller.span());
    return caller.user() == null ? call : call.header("Penstock-User", ascii(caller.user()));
  }

  StoreCall header(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new StoreCall(lane, method, target, more, body, key, repeatable, within);
  }

  /** The same as a part of {@code span}. */
  StoreCall within(Span span) {
    return within.equals(span)
        ? this
        : new StoreCall(lane, method, target, headers, body, key, repeatable, span);
  }

  /** The target's path with its ids left out: one of few. */
  String route() {
    var query = target.indexOf('?');
    var path = query < 0 ? target : target.substring(0, query);
    return ID.matcher(path).replaceAll("{id}");
  }

  /** Text as a header can carry it: visible ASCII as is, all else percent-encoded UTF-8. */
  static String ascii(String text) {
    var out = new StringBuilder(text.length());
    for (var b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0x20 && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(String.format("%02X", b & 0xff));
      }
    }
    return out.toString();
  }

  /** A path with query parameters, those with a null value left out. */
  static String query(String path, Map<String, @Nullable String> parameters) {
    var out = new StringBuilder(path);
    parameters.forEach(
        (name, value) -> {
          if (value != null) {
            out.append(out.length() == path.length() ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
          }
        });
    return out.toString();
  }
}
