package dev.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.authentication.MadeKey;
import dev.penstock.gateway.openapi.OpenApiDocument;
import io.vertx.ext.web.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every route that is mounted stands in the OpenAPI document, and the other way round. Tests that
 * go through all routes (isolation, scopes, security headers) take them from the document, so a
 * route that is not in it would be missed by all of them.
 *
 * <p>Routes without a method are not routes of their own: they hold handlers that come before and
 * after others', and a path that has no other is refused at the edge.
 */
class DocumentedRoutesTest {
  private static final String VERTEX = "another spelling of /v1beta, with the same handlers";
  private static final String DEFAULT_APP = "rerouted to /apps/{app}/users/, which is described";
  private static final List<String> METHODS =
      List.of("get", "post", "put", "patch", "delete", "head");

  /** Mounted and not described, each with the reason. */
  private static final Map<String, String> UNDESCRIBED =
      Map.of(
          "GET /v1/projects/**", VERTEX,
          "POST /v1/projects/**", VERTEX,
          "GET /v1/publishers/**", VERTEX,
          "POST /v1/publishers/**", VERTEX,
          "GET /v1/tunedModels/**", VERTEX,
          "POST /v1/tunedModels/**", VERTEX,
          "POST /users/**", DEFAULT_APP,
          "PATCH /users/**", DEFAULT_APP,
          "DELETE /users/**", DEFAULT_APP,
          "HEAD /api/blobs/{}", "404 for everybody: no blob is ever taken");

  private static GatewayFixture gateway;

  /** With everything that only some settings mount. */
  @BeforeAll
  static void start() {
    var settings = new HashMap<>(MadeKey.SETTINGS);
    settings.put("AUTHENTICATION", "keys,oidc");
    // Nobody has to be there: a gateway starts without its issuer.
    settings.put("PENSTOCK_OIDC_ISSUER", "http://127.0.0.1:1");
    settings.put("PENSTOCK_OIDC_CLIENT_ID", "penstock");
    settings.put("PENSTOCK_PUBLIC_URL", "https://chat.example.com");
    settings.put("PENSTOCK_COOKIE_SECRET", "c".repeat(32));
    settings.put("ADK_DEFAULT_APP_NAME", "chat");
    gateway = new GatewayFixture(settings, List.of(MadeKey.of("acme")));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void describesEveryMountedRoute() {
    var described = described();

    assertThat(mounted())
        .filteredOn(route -> described.stream().noneMatch(each -> covers(route, each)))
        .containsExactlyInAnyOrderElementsOf(UNDESCRIBED.keySet());
  }

  @Test
  void mountsEveryDescribedRoute() {
    var mounted = mounted();

    assertThat(described())
        .filteredOn(route -> mounted.stream().noneMatch(each -> covers(each, route)))
        .isEmpty();
  }

  /** The edge knows routes by their paths; it would refuse what is mounted in another way. */
  @Test
  void mountsNoMethodWithoutAPath() {
    for (var route : gateway.service().routes()) {
      assertThat(route.methods() == null || route.getPath() != null).as(route.getName()).isTrue();
    }
  }

  /** {@code METHOD /path}, with {@code {}} for parameters and {@code **} for any rest. */
  private static Set<String> mounted() {
    var routes = new TreeSet<String>();
    for (var route : gateway.service().routes()) {
      if (route.methods() != null) {
        route.methods().forEach(method -> routes.add(method.name() + " " + path(route)));
      }
    }
    assertThat(routes).hasSizeGreaterThan(60);
    // Nothing but GET without a body.
    routes.removeIf(
        route -> route.startsWith("HEAD") && routes.contains(route.replace("HEAD", "GET")));
    return routes;
  }

  private static String path(Route route) {
    var named = route.getPath().replaceAll(":[^/]+", "{}");
    return route.isExactPath() ? named : named.replaceAll("[/*]+$", "") + "/**";
  }

  private static Set<String> described() {
    var routes = new TreeSet<String>();
    var document = Wire.decode(OpenApiDocument.json().toString(), JsonNode.class);
    var versions = document.at("/components/parameters/GeminiVersion/schema/enum");
    for (var path : document.get("paths").properties()) {
      for (var method : METHODS) {
        if (path.getValue().has(method)) {
          var route = method.toUpperCase(Locale.ROOT) + " " + path.getKey();
          versions.forEach(version -> routes.add(named(route, version.asText())));
        }
      }
    }
    return routes;
  }

  private static String named(String route, String version) {
    return route.replace("{version}", version).replaceAll("\\{[^}]+}", "{}");
  }

  /** Whether requests of the described route come to the mounted one. */
  private static boolean covers(String mounted, String described) {
    var of = mounted.split("/");
    var what = described.split("/");
    var open = mounted.endsWith("/**");
    if (open ? what.length < of.length : what.length != of.length) {
      return false;
    }
    for (var i = 0; i < (open ? of.length - 1 : of.length); i++) {
      if (!of[i].equals(what[i]) && !(of[i].equals("{}") && what[i].startsWith("{}"))) {
        return false;
      }
    }
    return true;
  }
}
