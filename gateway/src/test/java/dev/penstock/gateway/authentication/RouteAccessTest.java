package dev.penstock.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.access.Scope;
import dev.penstock.gateway.openapi.OpenApiDocument;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each route needs, held against the document of all public routes. */
class RouteAccessTest {
  private static final Set<String> METHODS =
      Set.of("get", "post", "put", "patch", "delete", "head");

  @Test
  void saysOfEveryPublicRouteWhatItNeeds() {
    var paths = new JsonObject(OpenApiDocument.json()).getJsonObject("paths");

    assertThat(paths.fieldNames()).hasSizeGreaterThan(40);
    for (var path : paths.fieldNames()) {
      for (var method : paths.getJsonObject(path).fieldNames()) {
        if (METHODS.contains(method)) {
          var asked = path.replace("{version}", "v1beta").replaceAll("\\{[^}]*}", "x");
          assertThat(RouteAccess.listed(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)), asked))
              .as(method + " " + path)
              .isPresent();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/anything", "/v1/keys", "/v1/usages", "/metrics", "/assetsx"})
  void needsEverythingOfARouteThatNobodyListed(String path) {
    assertThat(RouteAccess.of(HttpMethod.GET, path).scopes())
        .containsExactlyInAnyOrder(Scope.values());
  }
}
