package dev.penstock.gateway;

import dev.penstock.gateway.authentication.oidc.OidcConfig;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.inference.InferenceConfig;
import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.kit.identity.IdentityConfig;
import dev.penstock.kit.jwt.Issuer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Owns what the process has one of: who it is to others, and what the proxies serve. */
final class BackgroundVerticle extends VerticleBase {
  private final InferenceConfig config;
  private final IdentityConfig identityConfig;
  private final @Nullable OidcConfig oidc;
  private volatile @Nullable Issuer issuer;
  private volatile @Nullable ServiceIdentity identity;
  private volatile @Nullable ModelCatalog models;

  BackgroundVerticle(
      InferenceConfig config, IdentityConfig identityConfig, @Nullable OidcConfig oidc) {
    this.config = config;
    this.identityConfig = identityConfig;
    this.oidc = oidc;
  }

  @Override
  public Future<?> start() {
    var known = ServiceIdentity.of(vertx, identityConfig);
    identity = known;
    models = new ModelCatalog(vertx, config, known);
    if (oidc != null) {
      var trusted = new Issuer(vertx, oidc.issuer(), oidc.keys());
      issuer = trusted;
      // Not waited for: an issuer that is away must not keep others out.
      trusted.warmUp();
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    models().close();
    return Future.succeededFuture();
  }

  /** How calls to other services are signed, once started. */
  ServiceIdentity identity() {
    return Objects.requireNonNull(identity, "not started");
  }

  /** Whose tokens are accepted, once started; null for nobody's. */
  @Nullable Issuer issuer() {
    return issuer;
  }

  /** The catalogue, once started. */
  ModelCatalog models() {
    return Objects.requireNonNull(models, "not started");
  }
}
