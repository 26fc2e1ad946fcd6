package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/**
 * Finds out whose a request is and what its credential lets it do, before anything of its body is
 * read. Whoever is turned away is told so by the failure handler of the route's own dialect.
 */
public final class CredentialCheck implements Handler<RoutingContext> {
  private final List<Authenticator> authenticators;

  /**
   * Asks the first authenticator that recognizes a credential.
   *
   * @param authenticators of the event loop whose requests come here
   */
  public CredentialCheck(List<Authenticator> authenticators) {
    this.authenticators = List.copyOf(authenticators);
  }

  @Override
  public void handle(RoutingContext ctx) {
    var path = ctx.normalizedPath();
    var access = RouteAccess.of(ctx.request().method(), path);
    if (access.open()) {
      ctx.next();
      return;
    }
    switch (Credential.of(ctx.request(), path)) {
      case Credential.Nothing() -> refuse(ctx, Unauthenticated.NOTHING);
      case Credential.Unclear(var kind) -> refuse(ctx, kind);
      case Credential.One(var text, var kind) -> check(ctx, text, kind, access.scopes());
    }
  }

  private void check(
      RoutingContext ctx, String credential, Unauthenticated kind, Set<Scope> scopes) {
    var known = authenticators.stream().filter(each -> each.recognizes(credential)).findFirst();
    if (known.isEmpty()) {
      refuse(ctx, kind);
      return;
    }
    var caller = known.get().authenticate(credential);
    if (caller.isComplete()) {
      settle(ctx, caller, kind, scopes);
      return;
    }
    var request = ctx.request().pause();
    caller.onComplete(
        answer -> {
          settle(ctx, answer, kind, scopes);
          // Only now is there somebody to take the body.
          request.resume();
        });
  }

  private static void settle(
      RoutingContext ctx, AsyncResult<Caller> answer, Unauthenticated kind, Set<Scope> scopes) {
    if (answer.succeeded()) {
      enter(ctx, answer.result(), scopes);
    } else if (answer.cause() instanceof FailureException known
        && known.failure().code() == FailureCode.UNAUTHENTICATED) {
      refuse(ctx, kind);
    } else {
      ctx.fail(answer.cause());
    }
  }

  private static void enter(RoutingContext ctx, Caller caller, Set<Scope> scopes) {
    caller.within(Tracing.of(ctx)).enter(ctx);
    try {
      scopes.forEach(caller.rights()::require);
    } catch (FailureException e) {
      ctx.fail(e);
      return;
    }
    ctx.next();
  }

  private static void refuse(RoutingContext ctx, Unauthenticated kind) {
    kind.note(ctx);
    if (!GeminiPaths.areOwn(ctx.normalizedPath())) {
      ctx.response().putHeader("WWW-Authenticate", "Bearer");
    }
    ctx.fail(Unauthenticated.asException());
  }
}
