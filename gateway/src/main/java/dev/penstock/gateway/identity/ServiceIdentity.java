package dev.penstock.gateway.identity;

import dev.penstock.kit.identity.IdentityConfig;
import dev.penstock.kit.identity.MachineIdentity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/**
 * Signs the calls to session-service and inference-proxy with what lets the gateway in there. Safe
 * from any thread; futures complete on the caller's context.
 */
public interface ServiceIdentity {
  /** For services that let in whoever reaches them. */
  ServiceIdentity NONE =
      new ServiceIdentity() {
        @Override
        public Future<RequestOptions> sign(RequestOptions request, URI callee) {
          return Future.succeededFuture(request);
        }

        @Override
        public boolean renewed(HttpClientResponse answer, URI callee) {
          return false;
        }
      };

  /**
   * Adds what the callee asks for; fails where it is not to be had.
   *
   * @param callee any address of the service; its root is what counts
   */
  Future<RequestOptions> sign(RequestOptions request, URI callee);

  /**
   * Whether an answer says that the caller is not known, and the next call is signed with something
   * else: worth asking once more.
   */
  boolean renewed(HttpClientResponse answer, URI callee);

  /** As the settings say; belongs to the verticle on whose context it is made. */
  static ServiceIdentity of(Vertx vertx, IdentityConfig config) {
    return config.shown()
        ? new MachineServiceIdentity(new MachineIdentity(vertx, config.metadataHost()))
        : NONE;
  }
}
