package dev.penstock.gateway.authentication.oidc;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.jwt.Issuer;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens are believed, and what they say.
 *
 * @param issuer as tokens name it, to the letter
 * @param keys address of its JWKS document; null where it says itself
 * @param audiences tokens made for one of these are for us
 * @param cachedTokens verified tokens that an event loop remembers
 * @param signIn how people sign in with a browser; null where they cannot
 */
public record OidcConfig(
    URI issuer,
    @Nullable URI keys,
    Set<String> audiences,
    ClaimNames claims,
    int cachedTokens,
    @Nullable SignInConfig signIn) {
  private static final Setting<URI> ISSUER =
      address(
          "PENSTOCK_OIDC_ISSUER",
          "issuer whose tokens are accepted, as they name it; required where `AUTHENTICATION` has"
              + " `oidc`");
  private static final Setting<URI> JWKS_URL =
      address(
          "PENSTOCK_OIDC_JWKS_URL",
          "where the issuer's public keys are; as it says itself if unset");
  private static final Setting<Set<String>> AUDIENCE =
      new Setting<>(
          "PENSTOCK_OIDC_AUDIENCE",
          null,
          "",
          "audiences, separated by commas, of which a bearer token must name one;"
              + " `PENSTOCK_OIDC_CLIENT_ID` if unset",
          false,
          OidcConfig::names);
  private static final Setting<Integer> CACHED_TOKENS =
      Setting.integer(
          "PENSTOCK_OIDC_CACHED_TOKENS",
          10_000,
          1,
          1_000_000,
          "tokens",
          "verified tokens that an event loop remembers, each for at most 30 s");

  /** What {@link #from} reads. */
  public static List<Setting<?>> settings() {
    return Stream.of(
            List.<Setting<?>>of(ISSUER, JWKS_URL, AUDIENCE),
            ClaimNames.settings(),
            List.<Setting<?>>of(CACHED_TOKENS),
            SignInConfig.settings())
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Reads the settings of a gateway that accepts tokens.
   *
   * @throws ConfigurationException naming the setting that is wrong or missing
   */
  public static OidcConfig from(Environment environment) {
    var issuer = environment.get(ISSUER);
    var signIn = SignInConfig.find(environment).orElse(null);
    var audiences =
        environment
            .find(AUDIENCE)
            .orElseGet(() -> signIn == null ? Set.of() : Set.of(signIn.clientId()));
    if (audiences.isEmpty()) {
      throw new ConfigurationException(
          "PENSTOCK_OIDC_AUDIENCE or PENSTOCK_OIDC_CLIENT_ID must be set: "
              + "without one, tokens made for other services would be accepted");
    }
    return new OidcConfig(
        issuer,
        environment.find(JWKS_URL).orElse(null),
        audiences,
        ClaimNames.from(environment),
        environment.get(CACHED_TOKENS),
        signIn);
  }

  private static Setting<URI> address(String name, String meaning) {
    return new Setting<>(name, null, "", meaning, false, Issuer::address);
  }

  private static Set<String> names(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
