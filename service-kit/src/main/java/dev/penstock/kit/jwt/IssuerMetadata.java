package dev.penstock.kit.jwt;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where an issuer's routes are, as it says itself (OpenID Connect Discovery 1.0 section 3). Null
 * where it has none.
 *
 * @param keys its JWKS document
 */
public record IssuerMetadata(URI keys, @Nullable URI authorization, @Nullable URI token) {

  /**
   * Reads the document.
   *
   * @throws IssuerUnavailableException if it is another issuer's, or names an address that is not
   *     to be trusted
   */
  static IssuerMetadata of(URI issuer, JsonObject document) {
    if (!(document.getValue("issuer") instanceof String name) || !name.equals(issuer.toString())) {
      throw new IssuerUnavailableException("the issuer's document is another issuer's");
    }
    var keys = address(document, "jwks_uri");
    if (keys == null) {
      throw new IssuerUnavailableException("the issuer's document names no keys");
    }
    return new IssuerMetadata(
        keys, address(document, "authorization_endpoint"), address(document, "token_endpoint"));
  }

  private static @Nullable URI address(JsonObject document, String member) {
    if (!(document.getValue(member) instanceof String text)) {
      return null;
    }
    try {
      return Issuer.address(text);
    } catch (IllegalArgumentException e) {
      throw new IssuerUnavailableException("the issuer's " + member + " is not https");
    }
  }
}
