package dev.penstock.gateway.authentication.oidc;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.jwt.Issuer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How people sign in to the page.
 *
 * @param clientId who this gateway is to the identity provider
 * @param clientSecret null for a public client, which PKCE alone protects
 * @param publicUrl root of the address under which browsers reach this gateway
 * @param scopes what is asked for; holds {@code openid}
 * @param provider what the page calls the identity provider
 * @param lifetime how long somebody stays signed in
 * @param cookieSecrets at least 32 characters each; the first one makes cookies, all read them
 */
public record SignInConfig(
    String clientId,
    @Nullable String clientSecret,
    URI publicUrl,
    String scopes,
    String provider,
    Duration lifetime,
    List<String> cookieSecrets) {
  private static final int LEAST_SECRET = 32;

  private static final Setting<String> CLIENT_ID =
      Setting.text(
          "PENSTOCK_OIDC_CLIENT_ID",
          null,
          "who this gateway is to the issuer; with it people can sign in to the page");
  private static final Setting<String> CLIENT_SECRET =
      Setting.secret(
          "PENSTOCK_OIDC_CLIENT_SECRET", null, "the client's secret; a public client has none");
  private static final Setting<Path> CLIENT_SECRET_FILE =
      file("PENSTOCK_OIDC_CLIENT_SECRET_FILE", "file that holds the client's secret instead");
  private static final Setting<String> SCOPES =
      new Setting<>(
          "PENSTOCK_OIDC_SIGN_IN_SCOPES",
          "openid",
          "",
          "what is asked for when people sign in, separated by blanks",
          false,
          SignInConfig::scopes);
  private static final Setting<String> PROVIDER =
      Setting.text(
          "PENSTOCK_OIDC_PROVIDER_NAME",
          "single sign-on",
          "what the page calls the issuer: `Sign in with …`");
  private static final Setting<Duration> LIFETIME =
      Setting.millis(
          "PENSTOCK_SIGN_IN_LIFETIME_MS",
          28_800_000,
          60_000,
          2_592_000_000L,
          "how long somebody who signed in to the page stays so");
  private static final Setting<URI> PUBLIC_URL =
      new Setting<>(
          "PENSTOCK_PUBLIC_URL",
          null,
          "",
          "address under which browsers reach this gateway, without a path; required with"
              + " `PENSTOCK_OIDC_CLIENT_ID`. The issuer must know its `/auth/callback` as a redirect"
              + " URI",
          false,
          SignInConfig::root);
  private static final Setting<String> COOKIE_SECRET =
      Setting.secret(
          "PENSTOCK_COOKIE_SECRET",
          null,
          "what session cookies are sealed with, at least 32 characters; several, separated by"
              + " commas, rotate: the first one seals, all open. The same for all gateways");
  private static final Setting<Path> COOKIE_SECRET_FILE =
      file("PENSTOCK_COOKIE_SECRET_FILE", "file that holds it instead, one a line");

  static List<Setting<?>> settings() {
    return List.of(
        CLIENT_ID,
        CLIENT_SECRET,
        CLIENT_SECRET_FILE,
        SCOPES,
        PROVIDER,
        LIFETIME,
        PUBLIC_URL,
        COOKIE_SECRET,
        COOKIE_SECRET_FILE);
  }

  /** The settings; empty where there is no client id. */
  static Optional<SignInConfig> find(Environment environment) {
    return environment.find(CLIENT_ID).map(id -> read(id, environment));
  }

  /** Never a secret. */
  @Override
  public String toString() {
    return "sign-in of " + clientId + " at " + publicUrl;
  }

  /** Where the identity provider sends people back to, to the letter. */
  String redirectUri() {
    return publicUrl + "/auth/callback";
  }

  /** Whether browsers come by {@code https}; on this machine alone they may come without. */
  boolean secure() {
    return "https".equals(publicUrl.getScheme());
  }

  private static SignInConfig read(String id, Environment environment) {
    var cookies =
        secret(environment, COOKIE_SECRET, COOKIE_SECRET_FILE)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "PENSTOCK_COOKIE_SECRET or PENSTOCK_COOKIE_SECRET_FILE must be set where"
                            + " people sign in: "
                            + COOKIE_SECRET.meaning()));
    var secrets =
        Arrays.stream(cookies.split("[,\\s]+")).filter(secret -> !secret.isEmpty()).toList();
    if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length() < LEAST_SECRET)) {
      throw new ConfigurationException(
          "PENSTOCK_COOKIE_SECRET must be at least " + LEAST_SECRET + " characters long");
    }
    return new SignInConfig(
        id,
        secret(environment, CLIENT_SECRET, CLIENT_SECRET_FILE).orElse(null),
        environment.get(PUBLIC_URL),
        environment.get(SCOPES),
        environment.get(PROVIDER),
        environment.get(LIFETIME),
        secrets);
  }

  private static Optional<String> secret(
      Environment environment, Setting<String> value, Setting<Path> file) {
    var path = environment.find(file);
    if (path.isEmpty()) {
      return environment.find(value);
    }
    if (environment.has(value.name())) {
      throw new ConfigurationException(
          value.name() + " and " + file.name() + " say the same: set one of them");
    }
    try {
      return Optional.of(Files.readString(path.get(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new ConfigurationException(file.name() + " names a file that cannot be read");
    }
  }

  private static Setting<Path> file(String name, String meaning) {
    return new Setting<>(name, null, "", meaning, false, Path::of);
  }

  private static String scopes(String text) {
    var scopes = List.of(text.strip().split("\\s+"));
    if (!scopes.contains("openid")) {
      throw new IllegalArgumentException("scopes separated by blanks, openid among them");
    }
    return String.join(" ", scopes);
  }

  private static URI root(String text) {
    var uri = Issuer.address(text.replaceAll("/$", ""));
    if (!uri.getRawPath().isEmpty() || uri.getRawQuery() != null) {
      throw new IllegalArgumentException("an address without a path and a query");
    }
    return uri;
  }
}
