package dev.penstock.proxy.exchange;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.kit.identity.BearerToken;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;

/**
 * A token of this machine's service account.
 *
 * @param beside what else the server asks for, in another header
 * @param header the token's
 */
public record MachineCredential(BearerToken token, String header, Credential beside)
    implements Credential {
  private static final Setback NOBODY =
      new Setback(
          Setback.Kind.UNREACHABLE,
          Failure.of(
              FailureCode.NO_CAPACITY,
              "This service has no identity to ask the model with; try again soon."));

  @Override
  public Future<RequestOptions> sign(RequestOptions request) {
    return token
        .sign(request, header)
        .recover(_ -> Future.failedFuture(NOBODY.asException()))
        .compose(beside::sign);
  }

  @Override
  public boolean renewed(HttpClientRequest refused) {
    return token.refused(refused, header);
  }
}
