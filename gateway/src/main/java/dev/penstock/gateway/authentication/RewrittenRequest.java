package dev.penstock.gateway.authentication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import org.jspecify.annotations.Nullable;

/** A request at another address, with more headers. */
final class RewrittenRequest extends HttpServerRequestWrapper {
  private static final int MOST_PARAMETERS = 1_024;

  private final Address address;
  private final MultiMap headers;
  private @Nullable MultiMap parameters;

  RewrittenRequest(HttpServerRequestInternal request, Address address) {
    super(request);
    this.address = address;
    this.headers = MultiMap.caseInsensitiveMultiMap().addAll(request.headers());
  }

  /** Adds a header, beside what the client may have sent under that name. */
  RewrittenRequest with(CharSequence name, String value) {
    headers.add(name.toString(), value);
    return this;
  }

  @Override
  public String uri() {
    return address.uri();
  }

  @Override
  public String path() {
    return address.path();
  }

  @Override
  public @Nullable String query() {
    return address.query();
  }

  @Override
  public String absoluteURI() {
    return scheme() + "://" + authority() + address.uri();
  }

  @Override
  public MultiMap headers() {
    return headers;
  }

  @Override
  public @Nullable String getHeader(String name) {
    return headers.get(name);
  }

  @Override
  public @Nullable String getHeader(CharSequence name) {
    return headers.get(name);
  }

  @Override
  public MultiMap params(boolean semicolonIsNormalChar) {
    if (parameters == null) {
      var decoded = MultiMap.caseInsensitiveMultiMap();
      new QueryStringDecoder(address.uri(), UTF_8, true, MOST_PARAMETERS, semicolonIsNormalChar)
          .parameters()
          .forEach(decoded::add);
      parameters = decoded;
    }
    return parameters;
  }
}
