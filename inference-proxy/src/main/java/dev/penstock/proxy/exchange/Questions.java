package dev.penstock.proxy.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
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
    return exchange(options, body, limit)
        .compose(
            answer ->
                answer.renewed() ? exchange(options, body, limit) : Future.succeededFuture(answer))
        .compose(this::read)
        .recover(Questions::asSetback)
        .map(reader);
  }

  /**
   * What was answered.
   *
   * @param renewed whether it may become another if asked once more
   */
  private record Answer(int status, Buffer body, boolean renewed) {}

  private Future<Answer> exchange(RequestOptions options, @Nullable Buffer body, Duration limit) {
    return server
        .open(options)
        .compose(
            request ->
                (body == null ? request.send() : request.send(body))
                    .compose(this::answer)
                    .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                    // What came too late, or not whole, must not hold the connection.
                    .onFailure(_ -> request.reset()));
  }

  private Future<Answer> answer(HttpClientResponse head) {
    var renewed = server.renewed(head);
    return (head.statusCode() == 200 ? head.body() : ErrorBody.read(head).map(Buffer::buffer))
        .map(body -> new Answer(head.statusCode(), body, renewed));
  }

  private Future<JsonNode> read(Answer answer) {
    return answer.status() == 200
        ? Future.succeededFuture(answer.body()).map(Questions::document)
        : Future.failedFuture(
            errors.ofStatus(answer.status(), answer.body().toString()).asException());
  }

  private static JsonNode document(Buffer body) {
    if (body.length() > MAX_BODY_BYTES) {
      throw unintelligible();
    }
    try {
      return Wire.JSON.readTree(body.getBytes());
    } catch (IOException e) {
      throw unintelligible();
    }
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
