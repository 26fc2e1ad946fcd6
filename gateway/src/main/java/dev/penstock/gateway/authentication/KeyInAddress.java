package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.ApiKey;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;

/**
 * Takes keys out of addresses, before anything that logs, measures or traces a request sees it, and
 * puts them where other clients send theirs. Programs that cannot send a header have two ways: the
 * Ollama CLI the first segment of the path, {@code OLLAMA_HOST=http://host/k/{key}}, and the Gemini
 * API the query parameter {@code key}.
 *
 * <p>A path that names a key in any other place is answered as an unknown one.
 */
public final class KeyInAddress implements Handler<HttpServerRequest> {
  private static final String SEGMENT = "/k/";
  private static final String NOWHERE = "/k";
  private static final String MARK = GeminiPaths.KEY_PARAMETER + "=";

  private final Handler<HttpServerRequest> next;

  /** Hands every request on to {@code next}. */
  public KeyInAddress(Handler<HttpServerRequest> next) {
    this.next = next;
  }

  @Override
  public void handle(HttpServerRequest request) {
    var uri = request.uri();
    if (uri.startsWith(SEGMENT) || uri.contains(ApiKey.PREFIX) || uri.contains(MARK)) {
      next.handle(without((HttpServerRequestInternal) request));
    } else {
      next.handle(request);
    }
  }

  private static HttpServerRequest without(HttpServerRequestInternal request) {
    var address = Address.of(request.uri());
    if (address.path().startsWith(SEGMENT)) {
      var end = address.path().indexOf('/', SEGMENT.length());
      var key = address.path().substring(SEGMENT.length(), end < 0 ? address.path().length() : end);
      var rest = end < 0 ? "/" : address.path().substring(end);
      var ollama = rest.equals("/") || rest.startsWith("/api/");
      return new RewrittenRequest(request, clean(address.at(ollama ? rest : NOWHERE)))
          .with(HttpHeaders.AUTHORIZATION, "Bearer " + key);
    }
    var clean = clean(address);
    if (!GeminiPaths.include(clean.path())) {
      return clean.equals(address) ? request : new RewrittenRequest(request, clean);
    }
    var rewritten =
        new RewrittenRequest(request, clean.withoutParameter(GeminiPaths.KEY_PARAMETER));
    for (var key : clean.parameters(GeminiPaths.KEY_PARAMETER)) {
      rewritten.with(GeminiPaths.KEY_HEADER, key);
    }
    return rewritten;
  }

  private static Address clean(Address address) {
    return address.path().contains(ApiKey.PREFIX) ? address.at(NOWHERE) : address;
  }
}
