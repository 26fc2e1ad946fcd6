package dev.penstock.gateway.identity;

import dev.penstock.kit.identity.MachineIdentity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/** Signs with identity tokens of the machine's service account. */
record MachineServiceIdentity(MachineIdentity machine) implements ServiceIdentity {
  private static final String HEADER = "Authorization";
  private static final int UNAUTHENTICATED = 401;

  @Override
  public Future<RequestOptions> sign(RequestOptions request, URI callee) {
    return machine.identityToken(callee).sign(request, HEADER);
  }

  @Override
  public boolean renewed(HttpClientResponse answer, URI callee) {
    return answer.statusCode() == UNAUTHENTICATED
        && machine.identityToken(callee).refused(answer.request(), HEADER);
  }
}
