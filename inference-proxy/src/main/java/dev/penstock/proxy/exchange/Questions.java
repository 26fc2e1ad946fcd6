package dev.penstock.proxy.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model server what is answered by one small JSON document. Futures fail with a {@code
 * SetbackException}. Confined to the context whose client it uses.
 */
public record Questions(ServerConnection server, ErrorReader errors) {
  private static final int MAX_BODY_BYTES = 8 * 1024 * 1024;

  /**
   * Asks.
   *
   * @param body null for a request without one
   * @param limit for the whole answer
   * @param reader of the document
   */
  public <T> Future<T> ask(
      RequestOptions options, @Nullable Buffer body, Duration limit, Function<JsonNode, T> reader) {
    return server
        .open(options)
        .compose(
            request ->
                answer(request, body)
                    .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                    // What came too late, or not whole, must not hold the connection.
                    .onFailure(_ -> request.reset()))
        .recover(Questions::asSetback)
        .map(reader);
  }

  private Future<JsonNode> answer(HttpClientRequest request, @Nullable Buffer body) {
    return (body == null ? request.send() : request.send(body))
        .compose(
            answer -> {
              server.answered(answer.statusCode());
              return answer.statusCode() == 200
                  ? document(answer)
                  : ErrorBody.read(answer)
                      .compose(
                          text ->
                              Future.failedFuture(
                                  errors.ofStatus(answer.statusCode(), text).asException()));
            });
  }

  private static Future<JsonNode> document(HttpClientResponse answer) {
    return answer
        .body()
        .map(
            body -> {
              if (body.length() > MAX_BODY_BYTES) {
                throw unintelligible();
              }
              try {
                return Wire.JSON.readTree(body.getBytes());
              } catch (IOException e) {
                throw unintelligible();
              }
            });
  }

  private static RuntimeException unintelligible() {
    return Setback.failed(
            FailureCode.UPSTREAM_PROTOCOL,
            "The model server sent something that cannot be understood; try again.")
        .asException();
  }

  private static <T> Future<T> asSetback(Throwable failure) {
    if (failure instanceof SetbackException) {
      return Future.failedFuture(failure);
    }
    var setback =
        failure instanceof TimeoutException
            ? Setback.failed(
                FailureCode.UPSTREAM_TIMEOUT, "The model server did not answer in time; try again.")
            : Setback.lost();
    return Future.failedFuture(setback.asException());
  }
}
