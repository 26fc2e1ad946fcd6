package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whose a request is and what its credential lets it do, before anything of its body is
 * read. Whoever is turned away is told so by the failure handler of the route's own dialect.
 */
public final class CredentialCheck implements Handler<RoutingContext> {
  private final List<Authenticator> authenticators;
  private final CookieCheck cookies;

  /**
   * Asks the first authenticator that recognizes a credential.
   *
   * @param authenticators of the event loop whose requests come here
   * @param cookies asked about requests without any other credential
   */
  public CredentialCheck(List<Authenticator> authenticators, CookieCheck cookies) {
    this.authenticators = List.copyOf(authenticators);
    this.cookies = cookies;
  }

  /**
   * Who sends a request to an open route; empty where nobody does whose credential is good.
   *
   * @return fails where that cannot be told
   */
  public Future<Optional<CookieCheck.Person>> person(RoutingContext ctx) {
    return switch (Credential.of(ctx.request(), ctx.normalizedPath())) {
      case Credential.Nothing() -> Future.succeededFuture(cookies.person(ctx));
      case Credential.Unclear _ -> Future.succeededFuture(Optional.empty());
      case Credential.One(var text, _) ->
          recognizing(text)
              .map(each -> each.authenticate(text).map(CredentialCheck::named))
              .orElseGet(() -> Future.succeededFuture(Optional.empty()))
              .recover(CredentialCheck::nobody);
    };
  }

  private static Optional<CookieCheck.Person> named(Caller caller) {
    var name = caller.user() == null ? caller.tenant() : caller.user();
    return Optional.of(new CookieCheck.Person(caller, name));
  }

  private static Future<Optional<CookieCheck.Person>> nobody(Throwable cause) {
    return isRefusal(cause) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(cause);
  }

  private static boolean isRefusal(Throwable cause) {
    return cause instanceof FailureException known
        && known.failure().code() == FailureCode.UNAUTHENTICATED;
  }

  private Optional<Authenticator> recognizing(String credential) {
    return authenticators.stream().filter(each -> each.recognizes(credential)).findFirst();
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
      case Credential.Nothing() ->
          cookies
              .person(ctx)
              .ifPresentOrElse(
                  person -> enter(ctx, person.caller(), access.scopes()),
                  () -> refuse(ctx, Unauthenticated.NOTHING));
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
    } else if (isRefusal(answer.cause())) {
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
