package dev.penstock.proxy.vertex;

import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.exchange.Questions;
import dev.penstock.proxy.exchange.ServerAddress;
import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The access token of this machine's service account, from {@code GET
 * /computeMetadata/v1/instance/service-accounts/default/token} (gemini-api.md section 10.1). Kept
 * until three minutes before its end and fetched anew, while the old one is still used, from 45
 * seconds before that: the metadata server has no other one earlier. Confined to one context.
 */
public final class MachineIdentity implements Credential {
  private static final System.Logger LOG = System.getLogger(MachineIdentity.class.getName());

  private static final String ROUTE = "/computeMetadata/v1/instance/service-accounts/default/token";
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long EXPIRES_EARLY_MS = 180_000;
  private static final long REFRESHES_EARLY_MS = 225_000;
  // What is asked again while the old token is good must not become a request per generation.
  private static final long PAUSE_MS = 5_000;

  private final Questions metadata;
  private final ServerAddress address;
  private final LongSupplier clock;
  private @Nullable Token token;
  private @Nullable Future<Token> fetch;
  private long askedAt = Long.MIN_VALUE / 2;

  /** A token and its end on the clock. */
  private record Token(String value, long end) {}

  /**
   * The identity that the metadata server at {@code host} tells.
   *
   * @param client of the context that uses this
   * @param host with a port or without; {@code metadata.google.internal} on Google's machines
   * @param clock monotonic milliseconds
   */
  public MachineIdentity(HttpClient client, String host, LongSupplier clock) {
    this.metadata =
        new Questions(
            new ServerConnection(client, Credential.header("Metadata-Flavor", "Google")),
            (_, _) -> nobody());
    this.address = ServerAddress.of(URI.create("http://" + host), "");
    this.clock = clock;
  }

  @Override
  public Future<RequestOptions> sign(RequestOptions request) {
    return current().map(known -> request.putHeader("Authorization", "Bearer " + known.value));
  }

  @Override
  public void refused() {
    token = null;
  }

  private Future<Token> current() {
    var known = token;
    var left = known == null ? 0 : known.end - clock.getAsLong();
    if (known == null || left <= EXPIRES_EARLY_MS) {
      return fetch();
    }
    if (left <= REFRESHES_EARLY_MS && clock.getAsLong() - askedAt >= PAUSE_MS) {
      fetch()
          .onFailure(
              failure -> LOG.log(WARNING, "the identity could not be refreshed: " + failure));
    }
    return Future.succeededFuture(known);
  }

  private Future<Token> fetch() {
    var running = fetch;
    if (running != null) {
      return running;
    }
    askedAt = clock.getAsLong();
    var started = metadata.ask(address.get(ROUTE), null, LIMIT, this::read);
    fetch = started;
    started.onSuccess(fetched -> token = fetched).onComplete(_ -> fetch = null);
    return started;
  }

  private Token read(JsonNode answer) {
    var value = answer.path("access_token").asText();
    var seconds = answer.path("expires_in").asLong();
    if (value.isEmpty() || seconds <= 0) {
      throw nobody().asException();
    }
    return new Token(value, clock.getAsLong() + 1_000 * seconds);
  }

  private static Setback nobody() {
    return new Setback(
        Setback.Kind.UNREACHABLE,
        Failure.of(
            FailureCode.NO_CAPACITY,
            "This service has no identity to ask the model with; try again soon."));
  }
}
