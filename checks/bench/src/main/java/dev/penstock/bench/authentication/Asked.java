package dev.penstock.bench.authentication;

import dev.penstock.gateway.authentication.CredentialCheck;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that has come to the check, without the connection it would have come by. */
final class Asked {
  private final Map<Object, Object> data = new HashMap<>();
  private final MultiMap headers;
  private final RoutingContext context = proxy(RoutingContext.class, this::ofContext);
  private final HttpServerRequest request =
      proxy(HttpServerRequest.class, (_, method, _) -> ofRequest(method));
  private final HttpServerResponse response = proxy(HttpServerResponse.class, (self, _, _) -> self);
  private boolean entered;

  private Asked(MultiMap headers) {
    this.headers = headers;
  }

  static Asked with(String credential) {
    return new Asked(HttpHeaders.headers().add(HttpHeaders.AUTHORIZATION, "Bearer " + credential));
  }

  static Asked without() {
    return new Asked(HttpHeaders.headers());
  }

  /** Whether the check lets it in. */
  boolean enters(CredentialCheck check) {
    data.clear();
    entered = false;
    check.handle(context);
    return entered;
  }

  private @Nullable Object ofContext(Object self, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "normalizedPath" -> "/v1/chat/completions";
      case "request" -> request;
      case "response" -> response;
      case "get" -> data.get(arguments[0]);
      case "put" -> {
        data.put(arguments[0], arguments[1]);
        yield self;
      }
      case "next" -> {
        entered = true;
        yield null;
      }
      case "fail" -> null;
      default -> throw new UnsupportedOperationException(method.toString());
    };
  }

  private Object ofRequest(Method method) {
    return switch (method.getName()) {
      case "method" -> HttpMethod.POST;
      case "headers" -> headers;
      default -> throw new UnsupportedOperationException(method.toString());
    };
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(Asked.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
