package dev.penstock.kit.identity;

import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The service account this machine runs as, through its metadata server. One per process, made by
 * the verticle whose context fetches and whose end it does not outlive; safe from any thread.
 */
public final class MachineIdentity {
  private final Map<String, BearerToken> identities = new ConcurrentHashMap<>();
  private final MetadataServer metadata;
  private final BearerToken.Timing timing;
  private final BearerToken access;

  /**
   * Asks nothing yet.
   *
   * @param metadataHost with a port or without; {@code metadata.google.internal} on Google's
   *     machines
   */
  public MachineIdentity(Vertx vertx, String metadataHost) {
    metadata = new MetadataServer(vertx, metadataHost);
    timing = BearerToken.Timing.of(vertx);
    access = new BearerToken("access token", metadata::accessToken, timing);
  }

  /** For Google's own APIs. */
  public BearerToken accessToken() {
    return access;
  }

  /** For a service that lets in whom it knows: its audience is the root of the service's URL. */
  public BearerToken identityToken(URI callee) {
    return identities.computeIfAbsent(
        audience(callee),
        audience ->
            new BearerToken(
                "identity token for " + audience, () -> metadata.identityToken(audience), timing));
  }

  /** Scheme and host, and the port where it is not the scheme's own. */
  static String audience(URI callee) {
    var scheme = callee.getScheme().toLowerCase(Locale.ROOT);
    var usual = scheme.equals("https") ? 443 : 80;
    var port = callee.getPort();
    return scheme
        + "://"
        + callee.getHost().toLowerCase(Locale.ROOT)
        + (port < 0 || port == usual ? "" : ":" + port);
  }
}
