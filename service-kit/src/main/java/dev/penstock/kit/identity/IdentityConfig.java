package dev.penstock.kit.identity;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/**
 * Who a service is to those it calls.
 *
 * @param shown whether calls carry an identity token
 * @param metadataHost gives this machine's tokens; with a port or without
 */
public record IdentityConfig(boolean shown, String metadataHost) {
  private static final Setting<Boolean> SERVICE_IDENTITY =
      new Setting<>(
          "PENSTOCK_SERVICE_IDENTITY",
          "none",
          "",
          "`google` where the services called ask who calls (Cloud Run's invoker): each call then"
              + " carries an identity token of this machine's service account",
          false,
          text ->
              switch (text) {
                case "none" -> false;
                case "google" -> true;
                default -> throw new IllegalArgumentException("none or google");
              });
  private static final Setting<String> METADATA_HOST =
      new Setting<>(
          "GCE_METADATA_HOST",
          "metadata.google.internal",
          "",
          "host, with a port or without, that gives the tokens of this machine's service account",
          false,
          IdentityConfig::host);

  /** What {@link #from} reads. */
  public static List<Setting<?>> settings() {
    return List.of(SERVICE_IDENTITY, METADATA_HOST);
  }

  /** Reads the settings. */
  public static IdentityConfig from(Environment environment) {
    return new IdentityConfig(environment.get(SERVICE_IDENTITY), environment.get(METADATA_HOST));
  }

  private static String host(String text) {
    try {
      var address = new URI("http://" + text);
      if (address.getHost() != null && text.equals(address.getAuthority())) {
        return text;
      }
    } catch (URISyntaxException e) {
      // falls through to the same sentence
    }
    throw new IllegalArgumentException("a host, or a host and a port as in 127.0.0.1:8080");
  }
}
