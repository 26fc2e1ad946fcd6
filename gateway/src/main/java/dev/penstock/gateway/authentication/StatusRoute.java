package dev.penstock.gateway.authentication;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /auth/session}: whether one must sign in here, how, and who has. The page asks it
 * before anything else; whatever is wrong with a credential, the answer is that nobody is signed
 * in.
 */
public final class StatusRoute {
  private final Ways ways;
  private final Function<RoutingContext, Future<Optional<CookieCheck.Person>>> check;

  /**
   * How somebody may sign in to the page.
   *
   * @param required whether one must
   * @param key whether a key is good for it
   * @param provider what the page calls the identity provider; null where there is none
   */
  public record Ways(boolean required, boolean key, @Nullable String provider) {
    /** Where this gateway checks nobody. */
    public static final Ways NONE = new Ways(false, false, null);
  }

  /**
   * @param check who sends a request; fails where that cannot be told
   */
  public StatusRoute(
      Ways ways, Function<RoutingContext, Future<Optional<CookieCheck.Person>>> check) {
    this.ways = ways;
    this.check = check;
  }

  /** Where nobody is asked. */
  public static StatusRoute open() {
    return new StatusRoute(Ways.NONE, _ -> Future.succeededFuture(Optional.empty()));
  }

  /** Mounts the route. */
  public void mount(Router router) {
    router.get("/auth/session").handler(this::answer);
  }

  private void answer(RoutingContext ctx) {
    check
        .apply(ctx)
        .onSuccess(
            person ->
                ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(document(person.orElse(null)).toBuffer()))
        .onFailure(ctx::fail);
  }

  private JsonObject document(CookieCheck.@Nullable Person person) {
    var caller = person == null ? null : person.caller();
    return new JsonObject()
        .put("required", ways.required())
        .put("key", ways.key())
        .put("provider", ways.provider())
        .put("signed_in", caller != null)
        .put("tenant", caller == null ? null : caller.tenant())
        .put("user", caller == null ? null : caller.user())
        .put("name", person == null ? null : person.name());
  }
}
