package dev.penstock.gateway.authentication.oidc;

import dev.penstock.kit.jwt.Documents;
import dev.penstock.kit.jwt.Issuer;
import dev.penstock.kit.jwt.IssuerMetadata;
import dev.penstock.kit.jwt.JwtClaims;
import dev.penstock.kit.jwt.JwtRefusedException;
import dev.penstock.kit.jwt.JwtVerifier;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The authorization code flow with PKCE: where people are sent to, and who they are once they come
 * back (OpenID Connect Core 1.0 section 3.1, RFC 7636). Confined to one event loop.
 */
final class CodeExchange {
  private final Issuer issuer;
  private final SignInConfig config;
  private final ClaimNames claims;
  private final JwtVerifier identities;
  private final Documents documents;
  private final InstantSource clock;

  CodeExchange(
      Issuer issuer,
      OidcConfig oidc,
      SignInConfig config,
      Documents documents,
      InstantSource clock) {
    this.issuer = issuer;
    this.config = config;
    this.claims = oidc.claims();
    this.documents = documents;
    this.clock = clock;
    // Made for us as the issuer's client, whatever the audience of bearer tokens is.
    this.identities = new JwtVerifier(issuer, Set.of(config.clientId()), clock);
  }

  /** Where somebody goes to sign in. */
  Future<String> address(Departure departure) {
    return issuer
        .metadata()
        .map(
            known -> {
              var target = require(known.authorization(), "an authorization endpoint");
              var parameters = new LinkedHashMap<String, String>();
              parameters.put("response_type", "code");
              parameters.put("client_id", config.clientId());
              parameters.put("redirect_uri", config.redirectUri());
              parameters.put("scope", config.scopes());
              parameters.put("state", departure.state());
              parameters.put("nonce", departure.nonce());
              parameters.put("code_challenge", departure.challenge());
              parameters.put("code_challenge_method", "S256");
              return target + (target.getRawQuery() == null ? "?" : "&") + form(parameters);
            });
  }

  /** Who came back with that code; fails where it is not good for this departure. */
  Future<SignedIn> person(Departure departure, String code) {
    return issuer
        .metadata()
        .map(IssuerMetadata::token)
        .compose(
            token ->
                documents.post(
                    require(token, "a token endpoint"), grant(departure, code), authorization()))
        .map(CodeExchange::identityToken)
        .compose(identities::verify)
        .map(identity -> person(departure, identity));
  }

  private SignedIn person(Departure departure, JwtClaims identity) {
    if (!departure.nonce().equals(identity.text("nonce").orElse(""))) {
      throw new JwtRefusedException("an identity token for another question");
    }
    var party = identity.all().getClaim("azp");
    if (party != null && !party.equals(config.clientId())) {
      throw new JwtRefusedException("an identity token for another client");
    }
    var caller = claims.caller(identity);
    return SignedIn.of(
        caller,
        Objects.requireNonNull(caller.user()),
        identity,
        clock.instant().plus(config.lifetime()));
  }

  private String grant(Departure departure, String code) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("grant_type", "authorization_code");
    parameters.put("code", code);
    parameters.put("redirect_uri", config.redirectUri());
    parameters.put("code_verifier", departure.verifier());
    if (config.clientSecret() == null) {
      parameters.put("client_id", config.clientId());
    }
    return form(parameters);
  }

  /** {@code client_secret_basic} (RFC 6749 section 2.3.1); none for a public client. */
  private @Nullable String authorization() {
    var secret = config.clientSecret();
    if (secret == null) {
      return null;
    }
    var pair = encoded(config.clientId()) + ":" + encoded(secret);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
  }

  private static String identityToken(String answer) {
    try {
      var token = new JsonObject(answer).getValue("id_token");
      if (token instanceof String text) {
        return text;
      }
    } catch (DecodeException e) {
      // falls through to the same sentence
    }
    throw new JwtRefusedException("an answer without an identity token");
  }

  private static URI require(@Nullable URI address, String what) {
    if (address == null) {
      throw new JwtRefusedException("the issuer does not say " + what);
    }
    return address;
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
