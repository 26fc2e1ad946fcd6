package dev.penstock.proxy.metrics;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.metric.ErrorType;
import dev.penstock.contracts.metric.Metric;
import dev.penstock.contracts.metric.StreamEnd;
import dev.penstock.kit.metrics.Histogram;
import dev.penstock.kit.metrics.Labelled;
import dev.penstock.kit.metrics.LoopHistogram;
import dev.penstock.proxy.admission.AffinityResult;
import dev.penstock.proxy.admission.Grant;
import dev.penstock.proxy.generation.Completion;
import dev.penstock.proxy.generation.Setback;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of one generation or call for embeddings, from its arrival to its end. Confined
 * to its event loop; where nothing is recorded, every method does nothing.
 */
public final class GenerationMeter {
  /** The operation of generations, in the words of the GenAI convention. */
  public static final String CHAT = "chat";

  /** The operation of calls for embeddings. */
  public static final String EMBEDDINGS = "embeddings";

  private final LoopMeter loop;
  private final ProxyMetrics whole;
  private final String operation;
  private final String requestedModel;
  private final boolean streams;
  private final long arrived;
  private long waitingSince;
  private boolean placed;
  private boolean running;
  private long sent;
  private long lastChunk;
  private String model = Metric.OTHER;
  private Target target = new Target(Metric.OTHER, "", "");
  private AffinityResult affinity = AffinityResult.NONE;
  private @Nullable LoopHistogram chunkGaps;

  GenerationMeter(LoopMeter loop, String operation, String requestedModel) {
    this.loop = loop;
    this.whole = loop.whole();
    this.operation = operation;
    this.requestedModel = requestedModel;
    this.streams = operation.equals(CHAT);
    this.arrived = loop.now();
    this.waitingSince = arrived;
  }

  /** It waits for a slot or a load. */
  public void placed() {
    placed = true;
  }

  /** It holds a slot, and its prompt is on its way. */
  public void granted(Grant grant) {
    if (!loop.recording()) {
      return;
    }
    sent = loop.now();
    running = true;
    lastChunk = 0;
    model = grant.model();
    target = whole.target(grant.upstream());
    affinity = grant.affinity();
    var loading = TimeUnit.MILLISECONDS.toNanos(grant.loadMs());
    whole.queueWaits.of("dispatched").record(sent - waitingSince - loading);
    whole.affinity.of(word(affinity)).increment();
    if (!placed) {
      whole.requestHeaders.record(sent - arrived - loading);
    }
  }

  /**
   * A chunk of the answer has come.
   *
   * @param at when, of {@link LoopMeter#now}
   */
  public void chunk(long at) {
    if (!loop.recording()) {
      return;
    }
    if (lastChunk == 0) {
      whole.firstChunks.of(call()).record(at - sent);
      chunkGaps = loop.chunkGaps(call());
    } else if (chunkGaps != null) {
      chunkGaps.record(at - lastChunk);
    }
    lastChunk = at;
  }

  /** The model server has ended its answer. */
  public void finished(Completion completion, Usage usage) {
    if (!loop.recording() || !running) {
      return;
    }
    operationEnds("");
    count(completion, usage);
    observe(whole.loads, completion.loadMs());
    observe(whole.prefills, completion.prefillMs());
    observe(whole.decodes, completion.decodeMs());
    observe(whole.unexplained, completion.unexplainedMs());
    var prefill = completion.prefillMs();
    if (prefill != null && usage.inputTokens() > 0 && affinity != AffinityResult.NONE) {
      whole
          .prefillPerToken
          .of(affinity == AffinityResult.HIT ? "hit" : "miss")
          .record(TimeUnit.MILLISECONDS.toNanos(prefill) / usage.inputTokens());
    }
  }

  /** Vectors have come for so many tokens. */
  public void embedded(int inputTokens) {
    if (loop.recording() && running) {
      operationEnds("");
      whole.tokenUsage.of(call("input")).record(inputTokens);
      whole.tokens.of("input", model, "false").add(inputTokens);
    }
  }

  /** An attempt broke before anything came of it; another is applied for. */
  public void again(Setback setback) {
    if (loop.recording() && running) {
      operationEnds(
          setback.kind() == Setback.Kind.UNREACHABLE
              ? ErrorType.BACKEND_CONNECT
              : ErrorType.of(setback.failure().code(), false));
      waitingSince = loop.now();
    }
  }

  /** It is refused, or breaks for good. */
  public void failed(FailureCode code) {
    if (!loop.recording()) {
      return;
    }
    if (running) {
      var begun = lastChunk != 0;
      operationEnds(ErrorType.of(code, begun));
      ends(StreamEnd.of(code));
    } else {
      var outcome = outcomeOf(code);
      if (outcome != null) {
        whole.queueWaits.of(outcome).record(loop.now() - waitingSince);
      }
    }
  }

  /**
   * Its caller has closed its connection, and by now ours to the model server is closed too.
   *
   * @param since when the first of it was known
   */
  public void callerLeft(long since) {
    if (!loop.recording()) {
      return;
    }
    cancelled("disconnect", loop.now() - since);
    if (running) {
      operationEnds(ErrorType.CLIENT_DISCONNECT);
      ends(StreamEnd.CLIENT_GONE);
    } else {
      whole.queueWaits.of("cancelled").record(loop.now() - waitingSince);
    }
  }

  /** What was still read for a caller that had left broke, or is given up. */
  public void abandoned() {
    if (loop.recording() && running) {
      operationEnds(ErrorType.CLIENT_DISCONNECT);
      ends(StreamEnd.CLIENT_GONE);
    }
  }

  /** Its connection to the model server is being closed, so much behind its deadline. */
  public void pastDeadline(long lateMillis) {
    if (loop.recording()) {
      cancelled("deadline", TimeUnit.MILLISECONDS.toNanos(lateMillis));
    }
  }

  /** The stream to its caller is over. */
  public void ends(StreamEnd how) {
    if (loop.recording() && streams) {
      whole.streamEnds.of(ProxyMetrics.SERVICE, how.word()).increment();
    }
  }

  private void cancelled(String reason, long nanos) {
    var phase = !running ? "queued" : lastChunk == 0 ? "prefill" : "decode";
    whole.cancels.of(ProxyMetrics.SERVICE, phase, reason).record(nanos);
  }

  private void operationEnds(String errorType) {
    running = false;
    whole
        .operations
        .of(
            operation,
            target.provider(),
            requestedModel,
            model,
            target.address(),
            target.port(),
            errorType)
        .record(loop.now() - sent);
  }

  private void count(Completion completion, Usage usage) {
    var estimated = Boolean.toString(usage.estimated());
    whole.tokens.of("input", model, estimated).add(usage.inputTokens());
    whole.tokens.of("output", model, estimated).add(usage.outputTokens());
    // What nobody counted is not guessed here.
    if (completion.inputTokens() != null) {
      whole.tokenUsage.of(call("input")).record(completion.inputTokens());
    }
    if (completion.outputTokens() != null) {
      whole.tokenUsage.of(call("output")).record(completion.outputTokens());
    }
  }

  private void observe(Labelled<Histogram> histogram, @Nullable Long millis) {
    if (millis != null) {
      histogram.of(model).record(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  private String[] call() {
    return new String[] {operation, target.provider(), requestedModel, model};
  }

  private String[] call(String tokenType) {
    return new String[] {operation, target.provider(), requestedModel, model, tokenType};
  }

  private @Nullable String outcomeOf(FailureCode code) {
    return switch (code) {
      case QUEUE_FULL -> placed ? "evicted" : "rejected_capacity";
      case QUEUE_TIMEOUT -> "expired";
      case NO_CAPACITY -> "no_backend";
      case DRAINING -> "evicted";
      default -> null;
    };
  }

  private static String word(AffinityResult result) {
    return result.name().toLowerCase(Locale.ROOT);
  }
}
