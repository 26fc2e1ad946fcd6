package dev.penstock.proxy.relay;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.kit.trace.Tracing;
import dev.penstock.proxy.admission.Application;
import dev.penstock.proxy.admission.Grant;
import dev.penstock.proxy.admission.Recipient;
import dev.penstock.proxy.admission.Verdict;
import dev.penstock.proxy.admission.Work;
import dev.penstock.proxy.generation.Embedding;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import dev.penstock.proxy.metrics.GenerationMeter;
import dev.penstock.proxy.trace.GenerationSpan;
import dev.penstock.proxy.trace.GenerationSpans;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * One call for embeddings between its caller and its model server: applies for a slot, holds it
 * until the vectors are there, and gives it back on every path. Confined to the event loop of the
 * caller's connection.
 */
final class EmbeddingRelay implements Recipient, Relayed {
  private final RoutingContext ctx;
  private final EmbeddingsRequest request;
  private final RelayServices services;
  private final Context context;
  private final GenerationMeter meter;
  private final long deadline;
  private @Nullable Application application;
  private @Nullable Embedding embedding;
  private final long arrived = RelayLoop.now();
  private GenerationSpan span = GenerationSpan.NONE;
  private int tries;
  private long sentAt;
  private boolean over;

  EmbeddingRelay(
      RoutingContext ctx, EmbeddingsRequest request, RelayServices services, Context context) {
    this.ctx = ctx;
    this.request = request;
    this.services = services;
    this.context = context;
    this.meter = services.loop().meter().generation(GenerationMeter.EMBEDDINGS, request.model());
    this.deadline = RelayLoop.now() + request.deadlineMs();
  }

  void begin() {
    services.loop().add(this);
    ctx.response().exceptionHandler(_ -> callerLeft()).closeHandler(_ -> callerLeft());
    application =
        services
            .desk()
            .apply(Work.of(request), task -> context.runOnContext(_ -> task.run()), this);
  }

  @Override
  public void placed(QueuePlace place) {
    meter.placed(); // One document has nowhere to tell it.
  }

  @Override
  public void granted(Grant granted) {
    sentAt = RelayLoop.now();
    span =
        services
            .spans()
            .embeddings(
                Tracing.of(ctx),
                request,
                new GenerationSpans.Asked(
                    granted.upstream(),
                    granted.model(),
                    ++tries,
                    Math.max(0, sentAt - arrived - granted.loadMs()),
                    granted.loadMs()));
    var asked =
        services
            .upstream(granted.upstream())
            .embed(granted.model(), request, services.embeddingLimits().maxAnswerBytes());
    embedding = asked;
    meter.granted(granted);
    asked
        .vectors()
        .onSuccess(this::answer)
        .onFailure(failure -> broke(SetbackException.of(failure)));
  }

  @Override
  public void refused(Failure failure) {
    fail(failure, Verdict.NONE);
  }

  @Override
  public void tick(long now) {
    if (over) {
      return;
    }
    if (embedding == null && now >= deadline) {
      fail(
          Failure.of(FailureCode.QUEUE_TIMEOUT, "No slot became free in time; try again later."),
          Verdict.NONE);
    } else if (embedding != null
        && now - sentAt >= services.embeddingLimits().timeout().toMillis()) {
      fail(
          Failure.of(
              FailureCode.UPSTREAM_TIMEOUT,
              "The model server did not answer in time; send fewer inputs at once."),
          Verdict.FAILED);
    } else if (embedding != null && now >= deadline) {
      fail(
          Failure.of(FailureCode.DEADLINE_EXCEEDED, "The deadline passed before the end."),
          Verdict.NONE);
    }
  }

  @Override
  public void drain() {
    fail(
        Failure.of(FailureCode.DRAINING, "This instance is shutting down; try again."),
        Verdict.NONE);
  }

  private void answer(Embeddings embeddings) {
    if (over) {
      return;
    }
    meter.embedded(embeddings.usage().inputTokens());
    giveBack(Verdict.SERVED);
    // Megabytes of numbers would hold up every stream of the event loop.
    context
        .executeBlocking(() -> Wire.encode(embeddings), false)
        .compose(this::send)
        .onComplete(_ -> services.loop().remove(this));
  }

  private Future<Void> send(Buffer document) {
    return ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(document);
  }

  private void broke(Setback setback) {
    if (!over && application != null) {
      span.broke(setback);
      span.end();
      embedding = null;
      meter.again(setback);
      application.again(setback);
    }
  }

  private void callerLeft() {
    if (!over) {
      var since = services.loop().meter().now();
      span.callerLeft();
      leave(Verdict.NONE);
      meter.callerLeft(since);
    }
  }

  private void fail(Failure failure, Verdict verdict) {
    if (over) {
      return;
    }
    span.failed(failure.code());
    leave(verdict);
    meter.failed(failure.code());
    if (!ctx.response().closed()) {
      ctx.fail(failure.asException());
    }
  }

  private void leave(Verdict verdict) {
    giveBack(verdict);
    services.loop().remove(this);
  }

  private void giveBack(Verdict verdict) {
    over = true;
    span.end();
    if (embedding != null) {
      embedding.cancel().run();
    }
    if (application != null) {
      application.leave(verdict);
    }
  }
}
