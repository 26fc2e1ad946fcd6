package dev.penstock.kit.identity;

import dev.penstock.kit.config.Authentication;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.jwt.Issuer;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which services may call this one, by the identity tokens they bring.
 *
 * @param issuer of the tokens, as they name it
 * @param keys address of its JWKS document; null where it says itself
 * @param audiences what callers call this service
 * @param callers e-mail addresses or subjects of those who may
 */
public record CallersConfig(
    URI issuer, @Nullable URI keys, Set<String> audiences, Set<String> callers) {
  private static final Setting<URI> ISSUER =
      new Setting<>(
          "PENSTOCK_IDENTITY_ISSUER",
          "https://accounts.google.com",
          "",
          "issuer of callers' identity tokens, as they name it",
          false,
          Issuer::address);
  private static final Setting<URI> JWKS_URL =
      new Setting<>(
          "PENSTOCK_IDENTITY_JWKS_URL",
          null,
          "",
          "where that issuer's public keys are; as it says itself if unset",
          false,
          Issuer::address);
  private static final Setting<Set<String>> AUDIENCE =
      names(
          "PENSTOCK_AUDIENCE",
          "audiences, separated by commas, of which a caller's identity token must name one: the"
              + " root of each address under which this service is called; required with"
              + " `AUTHENTICATION=identity`");
  private static final Setting<Set<String>> CALLERS =
      names(
          "PENSTOCK_CALLERS",
          "service accounts that may call, by e-mail address or subject, separated by commas;"
              + " required with `AUTHENTICATION=identity`");

  /** What {@link #find} reads. */
  public static List<Setting<?>> settings() {
    return List.of(ISSUER, JWKS_URL, AUDIENCE, CALLERS);
  }

  /**
   * The settings of a service that checks its callers; empty where something else does, or nobody.
   *
   * @throws ConfigurationException naming the setting that is wrong or missing
   */
  public static Optional<CallersConfig> find(Environment environment) {
    return Authentication.OF_SERVICE.of(environment).contains(Authentication.Check.IDENTITY)
        ? Optional.of(from(environment))
        : Optional.empty();
  }

  static CallersConfig from(Environment environment) {
    return new CallersConfig(
        environment.get(ISSUER),
        environment.find(JWKS_URL).orElse(null),
        environment.get(AUDIENCE),
        environment.get(CALLERS));
  }

  private static Setting<Set<String>> names(String name, String meaning) {
    return new Setting<>(name, null, "", meaning, false, CallersConfig::names);
  }

  private static Set<String> names(String text) {
    var names =
        Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    if (names.isEmpty()) {
      throw new IllegalArgumentException("one or more names separated by commas");
    }
    return names;
  }
}
