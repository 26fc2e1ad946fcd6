package dev.penstock.gateway.authentication.oidc;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.caller.Rights;
import dev.penstock.kit.jwt.JwtClaims;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A person who has signed in, as a session cookie holds it.
 *
 * @param name what the page calls them
 * @param until when they are to sign in again
 */
record SignedIn(String tenant, String user, String name, Set<Scope> scopes, Instant until) {
  private static final int MAX_NAME = 128;

  /** Never who. */
  @Override
  public String toString() {
    return "somebody until " + until;
  }

  /** Of an identity token, whose claims say what {@code caller} may do. */
  static SignedIn of(Caller caller, String user, JwtClaims claims, Instant until) {
    var name =
        Stream.of("name", "preferred_username", "email")
            .map(claim -> claims.text(claim).orElse("").strip())
            .filter(text -> !text.isEmpty() && text.length() <= MAX_NAME)
            .findFirst()
            .orElse(user);
    return new SignedIn(caller.tenant(), user, name, caller.rights().scopes(), until);
  }

  /** On whose behalf their requests run, outside every trace. */
  Caller caller() {
    return new Caller(
        tenant, user, new Rights(null, scopes, null, Limits.NONE, until), Span.getInvalid());
  }

  JsonObject toJson() {
    var words = new JsonArray();
    scopes.forEach(scope -> words.add(scope.name()));
    return new JsonObject()
        .put("tenant", tenant)
        .put("user", user)
        .put("name", name)
        .put("scopes", words);
  }

  /** Reads what {@link #toJson} wrote; empty for what another version did. */
  static Optional<SignedIn> of(JsonObject json) {
    var scopes = EnumSet.noneOf(Scope.class);
    for (var scope : Scope.values()) {
      if (json.getJsonArray("scopes", new JsonArray()).contains(scope.name())) {
        scopes.add(scope);
      }
    }
    var tenant = json.getString("tenant");
    var user = json.getString("user");
    var name = json.getString("name");
    return tenant == null || user == null || name == null
        ? Optional.empty()
        : Optional.of(
            new SignedIn(tenant, user, name, scopes, Instant.ofEpochSecond(Seal.end(json))));
  }
}
