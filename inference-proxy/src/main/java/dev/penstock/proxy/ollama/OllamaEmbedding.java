package dev.penstock.proxy.ollama;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import org.jspecify.annotations.Nullable;

/** One request to {@code POST /api/embed} and its answer, which is one document. */
final class OllamaEmbedding {
  private static final System.Logger LOG = System.getLogger(OllamaEmbedding.class.getName());

  private final String upstream;
  private final Context context;
  private final int maxAnswerBytes;
  private final Promise<Embeddings> vectors = Promise.promise();
  private @Nullable HttpClientRequest request;
  private boolean over;

  OllamaEmbedding(String upstream, Context context, int maxAnswerBytes) {
    this.upstream = upstream;
    this.context = context;
    this.maxAnswerBytes = maxAnswerBytes;
  }

  Future<Embeddings> vectors() {
    return vectors.future();
  }

  void send(Future<HttpClientRequest> connection, Buffer body) {
    connection.onComplete(
        connected -> {
          if (connected.failed()) {
            breakOff(Setback.unreachable());
          } else if (over) {
            connected.result().reset();
          } else {
            request = connected.result();
            request.send(body).onSuccess(this::answered).onFailure(_ -> breakOff(Setback.lost()));
          }
        });
  }

  void cancel() {
    if (!over) {
      over = true;
      reset();
    }
  }

  private void answered(HttpClientResponse answer) {
    if (answer.statusCode() != 200) {
      ErrorBody.read(answer)
          .otherwise("")
          .onSuccess(text -> breakOff(OllamaErrors.ofStatus(answer.statusCode(), text)));
      return;
    }
    var document = Buffer.buffer();
    answer.handler(
        piece -> {
          if (document.length() + piece.length() <= maxAnswerBytes) {
            document.appendBuffer(piece);
          } else {
            breakOff(
                Setback.failed(
                    FailureCode.UPSTREAM_PROTOCOL,
                    "The embeddings are larger than is allowed here; send fewer inputs at once."));
          }
        });
    answer.exceptionHandler(
        _ ->
            breakOff(
                Setback.failed(
                    FailureCode.UPSTREAM_FAILED,
                    "The model server broke off its answer; try again.")));
    answer.endHandler(_ -> read(document));
  }

  /** Megabytes of numbers would hold up every stream of the event loop. */
  private void read(Buffer document) {
    if (!over) {
      context
          .executeBlocking(() -> EmbedAnswer.read(document), false)
          .onSuccess(this::complete)
          .onFailure(failure -> breakOff(SetbackException.of(failure)));
    }
  }

  private void complete(Embeddings embeddings) {
    if (!over) {
      over = true;
      vectors.complete(embeddings);
    }
  }

  private void breakOff(Setback setback) {
    if (!over) {
      over = true;
      reset();
      LOG.log(WARNING, upstream + " gave no embeddings: " + setback.failure().code());
      vectors.fail(setback.asException());
    }
  }

  private void reset() {
    if (request != null) {
      request.reset();
    }
  }
}
