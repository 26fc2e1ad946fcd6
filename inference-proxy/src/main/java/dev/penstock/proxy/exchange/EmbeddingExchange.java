package dev.penstock.proxy.exchange;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.proxy.generation.Embedding;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request for embeddings and its answer, which is one document. */
public final class EmbeddingExchange {
  private static final System.Logger LOG = System.getLogger(EmbeddingExchange.class.getName());

  private final String upstream;
  private final Context context;
  private final int maxAnswerBytes;
  private final Function<Buffer, Embeddings> reader;
  private final ErrorReader errors;
  private final Promise<Embeddings> vectors = Promise.promise();
  private @Nullable HttpClientRequest request;
  private boolean over;

  /**
   * An exchange on that context that is yet to begin.
   *
   * @param reader reads the answer, on a worker thread; throws a {@code SetbackException}
   */
  public EmbeddingExchange(
      String upstream,
      Context context,
      int maxAnswerBytes,
      Function<Buffer, Embeddings> reader,
      ErrorReader errors) {
    this.upstream = upstream;
    this.context = context;
    this.maxAnswerBytes = maxAnswerBytes;
    this.reader = reader;
    this.errors = errors;
  }

  /** Sends the request; called once. */
  public Embedding send(ServerConnection server, RequestOptions options, Buffer body) {
    ask(server, options, body, true);
    return new Embedding(vectors.future(), this::cancel);
  }

  /**
   * Asks.
   *
   * @param renews whether to ask once more where the credential was not accepted
   */
  private void ask(ServerConnection server, RequestOptions options, Buffer body, boolean renews) {
    server
        .open(options)
        .onComplete(
            connected -> {
              if (connected.failed()) {
                breakOff(SetbackException.of(connected.cause()));
              } else if (over) {
                connected.result().reset();
              } else {
                var opened = connected.result();
                request = opened;
                opened
                    .send(body)
                    .onSuccess(
                        answer -> {
                          if (renews && server.renewed(answer)) {
                            ErrorBody.read(answer).onComplete(_ -> askAgain(server, options, body));
                          } else {
                            answered(answer);
                          }
                        })
                    .onFailure(_ -> breakOff(Setback.lost()));
              }
            });
  }

  private void askAgain(ServerConnection server, RequestOptions options, Buffer body) {
    if (!over) {
      ask(server, options, body, false);
    }
  }

  private void cancel() {
    if (!over) {
      over = true;
      reset();
    }
  }

  private void answered(HttpClientResponse answer) {
    if (answer.statusCode() != 200) {
      ErrorBody.read(answer)
          .otherwise("")
          .onSuccess(text -> breakOff(errors.ofStatus(answer.statusCode(), text)));
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
          .executeBlocking(() -> reader.apply(document), false)
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
