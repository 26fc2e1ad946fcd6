package dev.penstock.kit.trace;

import static java.lang.System.Logger.Level.WARNING;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Sends spans, and tells at most once a minute that the collector does not take them. */
final class ToldExporter implements SpanExporter {
  private static final System.Logger LOG = System.getLogger(ToldExporter.class.getName());
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongAdder failed = new LongAdder();
  private final AtomicLong nextTold = new AtomicLong(System.nanoTime());
  private final SpanExporter exporter;
  private final URI collector;
  private volatile IntConsumer taken = _ -> {};

  ToldExporter(SpanExporter exporter, URI collector) {
    this.exporter = exporter;
    this.collector = collector;
  }

  /** Tells how many spans each request takes from those that wait. */
  void whenTaken(IntConsumer listener) {
    taken = listener;
  }

  double failed() {
    return failed.doubleValue();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    taken.accept(spans.size());
    var sent = exporter.export(spans);
    sent.whenComplete(
        () -> {
          if (!sent.isSuccess()) {
            failed.add(spans.size());
            tell(sent.getFailureThrowable());
          }
        });
    return sent;
  }

  private void tell(@Nullable Throwable cause) {
    var now = System.nanoTime();
    var due = nextTold.get();
    if (now - due >= 0 && nextTold.compareAndSet(due, now + PAUSE_NANOS)) {
      LOG.log(
          WARNING,
          "the collector at %s:%d does not take spans, %d lost so far%s"
              .formatted(
                  collector.getHost(),
                  collector.getPort(),
                  failed.sum(),
                  cause == null ? "" : ": " + root(cause)));
    }
  }

  private static Throwable root(Throwable cause) {
    var root = cause;
    for (var next = root.getCause(); next != null; next = next.getCause()) {
      root = next;
    }
    return root;
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
