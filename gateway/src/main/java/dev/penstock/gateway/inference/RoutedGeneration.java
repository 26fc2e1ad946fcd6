package dev.penstock.gateway.inference;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationEventDecoder;
import dev.penstock.contracts.metric.ErrorType;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.sse.SseLimitException;
import dev.penstock.contracts.sse.SseReader;
import dev.penstock.gateway.metrics.LoopMeter;
import dev.penstock.kit.trace.ClientCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One generation: the proxies it may be asked of, in order, and the connection to the one that took
 * it. Confined to one context.
 */
final class RoutedGeneration implements Generation {
  private static final String ROUTE = "/generations";

  /** What {@code error.type} says of a proxy that sent no head. */
  private static final String UNREACHED = "no_backend";

  static final Failure TRUNCATED =
      Failure.of(
          FailureCode.UPSTREAM_TRUNCATED,
          "The connection to the inference proxy was lost before the answer ended; try again.");
  static final Failure UNREACHABLE =
      Failure.retryAfter(
          FailureCode.NO_CAPACITY, "No inference proxy can be reached; try again soon.", 2_000);
  static final Failure SILENT =
      Failure.of(FailureCode.UPSTREAM_TIMEOUT, "The inference proxy did not answer; try again.");
  private static final Failure OVERSIZED =
      Failure.of(
          FailureCode.UPSTREAM_PROTOCOL,
          "The generation was broken off because an event of it was too large.");

  private final ProxyClient client;
  private final Duration connectTimeout;
  private final List<URI> proxies;
  private final Buffer body;
  private final Traced traced;
  private final Consumer<GenerationEvent> sink;
  private final LoopMeter meter;
  private final long began;
  private final Consumer<RoutedGeneration> closed;
  private final SseReader reader = new SseReader(this::onEvent);

  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private @Nullable Failure refusal;
  private ClientCall call = ClientCall.NONE;
  private int asked;
  private boolean renewed;
  private boolean over;
  private boolean paused;
  private boolean heard;
  private int silentSweeps;

  /**
   * @param closed called once, when no connection is held or asked for any more
   */
  RoutedGeneration(
      ProxyClient client,
      Duration connectTimeout,
      List<URI> proxies,
      Buffer body,
      Traced traced,
      Consumer<GenerationEvent> sink,
      LoopMeter meter,
      Consumer<RoutedGeneration> closed) {
    this.meter = meter;
    this.began = meter.now();
    this.client = client;
    this.connectTimeout = connectTimeout;
    this.proxies = proxies;
    this.body = body;
    this.traced = traced;
    this.sink = sink;
    this.closed = closed;
  }

  void begin() {
    if (!over) {
      ask();
    }
  }

  /** Looks whether anything came since the last look. */
  void sweep() {
    if (request == null || paused || heard) {
      heard = false;
      silentSweeps = 0;
    } else if (++silentSweeps > Inference.SWEEPS_PER_SILENCE) {
      silentSweeps = 0;
      silent();
    }
  }

  @Override
  public void pause() {
    paused = true;
    if (response != null) {
      response.pause();
    }
  }

  @Override
  public void resume() {
    paused = false;
    heard = true;
    if (response != null) {
      response.resume();
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      call.event("cancelled");
      release();
    }
  }

  private void ask() {
    // With a single proxy it is asked twice: a kept connection may close just as it is used.
    var attempts = Math.max(2, proxies.size());
    if (asked == attempts) {
      fail(refusal != null ? refusal : UNREACHABLE);
      return;
    }
    var proxy = proxies.get(asked % proxies.size());
    asked++;
    ask(proxy);
  }

  private void ask(URI proxy) {
    request = null;
    call.end();
    call = traced.post(proxy, ROUTE);
    client
        .open(options(proxy), proxy)
        .onSuccess(ready -> send(ready, proxy))
        .onFailure(
            _ -> {
              if (!over) {
                call.failed(UNREACHED);
                ask();
              }
            });
  }

  private RequestOptions options(URI proxy) {
    var options =
        ProxyAddress.request(HttpMethod.POST, proxy, ROUTE)
            .setConnectTimeout(connectTimeout.toMillis())
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.ACCEPT, "text/event-stream");
    call.putHeaders(options::putHeader);
    return options;
  }

  private void send(HttpClientRequest ready, URI proxy) {
    if (over) {
      ready.reset();
      return;
    }
    request = ready;
    heard = true;
    if (asked == 1) {
      meter.asked(meter.now() - began);
    }
    var attempt = asked;
    ready
        .send(body)
        .onSuccess(
            head -> {
              if (!over && attempt == asked) {
                onHead(head, proxy);
              }
            })
        .onFailure(
            _ -> {
              if (!over && attempt == asked) {
                call.failed(UNREACHED);
                ask();
              }
            });
  }

  private void onHead(HttpClientResponse head, URI proxy) {
    heard = true;
    call.answered(head.statusCode());
    if (head.statusCode() != 200) {
      var again = !renewed && client.renewed(head, proxy);
      var attempt = asked;
      head.body()
          .onSuccess(
              told -> {
                if (again) {
                  askAsAnother(proxy, attempt);
                } else {
                  refused(Refusal.of(head.statusCode(), told));
                }
              })
          .onFailure(_ -> fail(TRUNCATED));
      return;
    }
    response = head;
    head.exceptionHandler(_ -> fail(TRUNCATED));
    head.endHandler(_ -> ended());
    head.handler(this::read);
    if (paused) {
      head.pause();
    }
  }

  private void askAsAnother(URI proxy, int attempt) {
    if (!over && attempt == asked) {
      renewed = true;
      ask(proxy);
    }
  }

  private void refused(Failure failure) {
    if (over) {
      return;
    }
    if (refusal == null || refusal.code() == FailureCode.MODEL_NOT_FOUND) {
      refusal = failure;
    }
    if (asked < proxies.size() && another(failure.code())) {
      ask();
    } else {
      fail(refusal);
    }
  }

  /** Whether another pool may have what this one lacks. */
  static boolean another(FailureCode code) {
    return switch (code) {
      case NO_CAPACITY, QUEUE_FULL, DRAINING, MODEL_NOT_FOUND -> true;
      default -> false;
    };
  }

  private void read(Buffer piece) {
    heard = true;
    try {
      reader.feed(piece);
    } catch (SseLimitException e) {
      fail(OVERSIZED);
    } catch (RuntimeException e) {
      // The sink's own fault; its context's exception handler tells.
      cancel();
      throw e;
    }
  }

  private void onEvent(SseEvent told) {
    if (over) {
      return;
    }
    switch (GenerationEventDecoder.decode(told)) {
      case GenerationEvent.Failed(var failure) -> fail(failure);
      case GenerationEvent.Finished finished -> {
        // The connection goes back to its pool with the end of the body, which follows.
        over = true;
        call.end();
        sink.accept(finished);
      }
      case GenerationEvent event -> sink.accept(event);
    }
  }

  private void ended() {
    if (over) {
      closed.accept(this);
    } else {
      fail(TRUNCATED);
    }
  }

  private void silent() {
    if (over) {
      release();
    } else if (response != null) {
      fail(TRUNCATED);
    } else if (asked < proxies.size()) {
      var lost = request;
      ask();
      if (lost != null) {
        lost.reset();
      }
    } else {
      fail(SILENT);
    }
  }

  private void fail(Failure failure) {
    if (over) {
      closed.accept(this);
      return;
    }
    over = true;
    call.failed(ErrorType.of(failure.code(), response != null));
    release();
    sink.accept(new GenerationEvent.Failed(failure));
  }

  private void release() {
    call.end();
    if (request != null) {
      request.reset();
    }
    closed.accept(this);
  }
}
