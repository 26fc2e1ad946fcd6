package dev.penstock.gateway.authentication;

import static dev.penstock.contracts.access.Scope.ADMIN;
import static dev.penstock.contracts.access.Scope.CHAT;
import static dev.penstock.contracts.access.Scope.SESSIONS;

import dev.penstock.contracts.access.Scope;
import io.vertx.core.http.HttpMethod;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a credential must include for each route. A route that is listed nowhere needs every scope,
 * so that a new one is closed until somebody says otherwise.
 *
 * @param open whether anybody may ask, without a credential
 * @param scopes all of which are needed; empty where it is open
 */
record RouteAccess(boolean open, Set<Scope> scopes) {
  private static final RouteAccess OPEN = new RouteAccess(true, Set.of());
  private static final RouteAccess UNLISTED =
      new RouteAccess(false, Set.copyOf(EnumSet.allOf(Scope.class)));

  /** What tells nothing of anybody: the page without its data, documentation, probes, sign-in. */
  private static final Pattern OPEN_PATHS =
      Pattern.compile(
          "/|/(health|livez|readyz|openapi\\.json|docs|dev-ui)/?|/(assets|docs|dev-ui|auth)/.*");

  private record Listed(Set<String> methods, Pattern path, Set<Scope> scopes) {
    Listed(Set<String> methods, String path, Scope... scopes) {
      this(methods, Pattern.compile(path), Set.of(scopes));
    }

    boolean matches(String method, String ofRequest) {
      return (methods.isEmpty() || methods.contains(method)) && path.matcher(ofRequest).matches();
    }
  }

  private static final Set<String> ANY = Set.of();
  private static final Set<String> POST = Set.of("POST");

  /** The first that matches counts. */
  private static final List<Listed> TABLE =
      List.of(
          new Listed(ANY, "/v1/usage/?", ADMIN),
          new Listed(POST, "/v1/sessions/[^/]+/turns/?", CHAT, SESSIONS),
          new Listed(POST, "/v1/turns/[^/]+/(regenerate|continue)/?", CHAT, SESSIONS),
          new Listed(ANY, "/v1/(sessions|turns|conversations)(/.*)?", SESSIONS),
          // What is kept needs the other scope as well, which only the body tells.
          new Listed(POST, "/v1/responses(/input_tokens)?/?", CHAT),
          new Listed(ANY, "/v1/responses(/.*)?", SESSIONS),
          new Listed(ANY, "/v1/(chat|completions|embeddings|models|agents)(/.*)?", CHAT),
          new Listed(
              ANY, "/(v1beta|v1beta1|v1alpha|v1/projects|v1/publishers|v1/tunedModels)/.*", CHAT),
          new Listed(ANY, "/api/.*", CHAT),
          new Listed(ANY, "/(list-apps|version|app-info|config/telemetry)/?", CHAT),
          new Listed(ANY, "/(run|run_sse|run_live)/?", CHAT, SESSIONS),
          new Listed(ANY, "/(apps|users|dev|debug|builder)/.*", SESSIONS));

  /**
   * Of a request's route.
   *
   * @param path normalized, as routes are matched by it
   */
  static RouteAccess of(HttpMethod method, String path) {
    return listed(method, path).orElse(UNLISTED);
  }

  /** What the table says of it; empty for a route that is not in it and not open. */
  static Optional<RouteAccess> listed(HttpMethod method, String path) {
    if (OPEN_PATHS.matcher(path).matches()) {
      return Optional.of(OPEN);
    }
    return TABLE.stream()
        .filter(listed -> listed.matches(method.name(), path))
        .findFirst()
        .map(listed -> new RouteAccess(false, listed.scopes()));
  }
}
