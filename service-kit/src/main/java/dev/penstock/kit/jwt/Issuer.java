package dev.penstock.kit.jwt;

import com.nimbusds.jose.JWSVerifier;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One that issues tokens: its routes and its public keys, fetched when they are needed and kept.
 * One per process, made on the context that fetches; safe from any thread.
 */
public final class Issuer {
  // It asks for two documents, and never twice at once.
  private static final int WAITING = 2;
  private static final String DISCOVERY = "/.well-known/openid-configuration";

  private final URI name;
  private final Refreshed<IssuerMetadata> metadata;
  private final Refreshed<KeySet> keys;

  /**
   * Asks nothing yet.
   *
   * @param name what its tokens say in {@code iss}, to the letter
   * @param keysAddress of its JWKS document; null if the issuer says itself where that is
   */
  public Issuer(Vertx vertx, URI name, @Nullable URI keysAddress) {
    this(new Documents(vertx, 1, WAITING), name, keysAddress, Refreshed.Timing.of(vertx));
  }

  Issuer(Documents documents, URI name, @Nullable URI keysAddress, Refreshed.Timing timing) {
    this.name = name;
    var discovery = URI.create(name.toString().replaceAll("/$", "") + DISCOVERY);
    metadata =
        new Refreshed<>(
            "what " + name + " says of itself",
            () -> documents.get(discovery).map(text -> IssuerMetadata.of(name, json(text))),
            timing);
    keys =
        new Refreshed<>(
            "the keys of " + name,
            () ->
                (keysAddress != null
                        ? Future.succeededFuture(keysAddress)
                        : metadata.get().map(IssuerMetadata::keys))
                    .compose(documents::get)
                    .map(KeySet::parse),
            timing);
  }

  /**
   * An address that documents may be had from and secrets sent to: {@code https}, or {@code http}
   * on this machine alone.
   *
   * @throws IllegalArgumentException saying what it should be
   */
  public static URI address(String text) {
    try {
      var uri = URI.create(text);
      var plain = uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null;
      if (plain && ("https".equals(uri.getScheme()) || isLoopback(uri))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw new IllegalArgumentException("an https:// address (http:// on this machine alone)");
  }

  private static boolean isLoopback(URI uri) {
    var host = uri.getHost();
    // Names but for this one would have to be looked up, by an issuer's document perhaps.
    return "http".equals(uri.getScheme())
        && (host.equals("localhost")
            || host.matches("127(\\.\\d{1,3}){3}")
            || host.equals("[::1]"));
  }

  /** What tokens of it say in {@code iss}. */
  String name() {
    return name.toString();
  }

  /** Where its routes are; fails with an {@link IssuerUnavailableException}. */
  public Future<IssuerMetadata> metadata() {
    return metadata.get();
  }

  /** Fetches its keys, if they are not there, so that the first token need not wait for them. */
  public Future<Void> warmUp() {
    return keys.get().mapEmpty();
  }

  /**
   * The key of that name, fetched where it is not known.
   *
   * @return fails with a {@link JwtRefusedException} if there is none, and with an {@link
   *     IssuerUnavailableException} if that cannot be told
   */
  Future<JWSVerifier> key(String id, SignatureAlgorithm algorithm) {
    var known = keys.known();
    var verifier = known == null ? null : known.find(id, algorithm);
    return verifier != null
        ? Future.succeededFuture(verifier)
        : keys.renewed().map(renewed -> found(renewed.find(id, algorithm)));
  }

  private static JWSVerifier found(@Nullable JWSVerifier verifier) {
    if (verifier == null) {
      throw new JwtRefusedException("the issuer has no such key");
    }
    return verifier;
  }

  private static JsonObject json(String text) {
    try {
      return new JsonObject(text);
    } catch (DecodeException e) {
      throw new IssuerUnavailableException("the issuer's document cannot be read");
    }
  }
}
