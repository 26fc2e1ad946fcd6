package dev.penstock.simulator.engine;

import dev.penstock.simulator.answer.StopStrings;
import dev.penstock.simulator.fault.Fault;
import dev.penstock.simulator.fault.FaultOrder;
import dev.penstock.simulator.wire.DoneReason;
import dev.penstock.simulator.wire.GenerationMetrics;
import dev.penstock.simulator.wire.OllamaError;
import dev.penstock.simulator.wire.Said;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer: waits for its model, then for a slot, reads the prompt, then says token after token
 * at its pace. It gives slot and model back however it ends. Confined to one event loop.
 */
public final class Generation {
  /** Tokens said in one go by a model faster than the clock ticks, before others get their turn. */
  private static final int BURST = 64;

  /**
   * How much lost time is made up for. A model does not hurry after a pause, and a simulator that
   * did would never get out of an overload.
   */
  private static final long MADE_UP_NANOS = 100_000_000;

  private final Engine engine;
  private final Order order;
  private final Reply reply;
  private final StopStrings stops;
  private final List<String> unsaid = new ArrayList<>(0);
  private final long startedAt;
  private Phase phase = Phase.LOADING;
  private @Nullable FaultOrder fault;
  private Scheduler.@Nullable Lease lease;
  private Slots.@Nullable Hold slot;
  private Pacer.@Nullable Wake wake;
  private long loadedAt;
  private long admittedAt;
  private long firstTokenAt;
  private long interval;
  private long nextAt;
  private int tokens;
  private boolean blocked;
  private @Nullable DoneReason ending;

  private enum Phase {
    LOADING("loading"),
    WAITING("waiting"),
    PREFILL("prefill"),
    DECODING("decoding"),
    ENDED("ended");

    private final String wire;

    Phase(String wire) {
      this.wire = wire;
    }
  }

  Generation(Engine engine, Order order, long startedAt, @Nullable FaultOrder fault, Reply reply) {
    this.engine = engine;
    this.order = order;
    this.reply = reply;
    this.startedAt = startedAt;
    this.fault = fault;
    this.stops = new StopStrings(order.stop());
    this.interval = Engine.intervalNanos(order.tokensPerSecond());
  }

  /**
   * Asks for its model; all else follows.
   *
   * @throws OllamaError 503 if too many wait for a load
   */
  public void start() {
    var asked = engine.scheduler.lease(order.model(), order.keepAlive(), this::loaded);
    if (lease == null) {
      lease = asked;
    }
  }

  /** The client has left: nothing more is said, slot and model are free at once. */
  public void cancel() {
    if (phase == Phase.ENDED) {
      return;
    }
    engine.journal.cancelled(
        new Journal.Cancel(Instant.now(), order.model().name(), phase.wire, tokens));
    end();
  }

  private void loaded(Scheduler.Lease granted) {
    lease = granted;
    loadedAt = System.nanoTime();
    phase = Phase.WAITING;
    var asked = granted.resident().slots().acquire(order.prompt(), this::admitted);
    if (slot == null) {
      slot = asked;
    }
  }

  private void admitted(Slots.Hold held) {
    slot = held;
    admittedAt = System.nanoTime();
    phase = Phase.PREFILL;
    // The last token is always read: the answer's first comes from it.
    var cached = Math.min(held.shared() / Order.CHARACTERS_PER_TOKEN, order.promptTokens() - 1);
    if (lease != null) {
      lease.resident().prompted(order.promptTokens(), cached);
    }
    var prefill = engine.prefillNanos(order.promptTokens() - cached);
    if (prefill == 0) {
      prefilled(admittedAt);
    } else {
      wake = engine.pacer.at(admittedAt + prefill, this::prefilled);
    }
  }

  private void prefilled(long now) {
    phase = Phase.DECODING;
    firstTokenAt = now;
    nextAt = now;
    if (order.refusal() != null) {
      fail(order.refusal());
    } else {
      decode(now);
    }
  }

  private void decode(long now) {
    wake = null;
    nextAt = Math.max(nextAt, now - MADE_UP_NANOS);
    for (var said = 0; said < BURST; said++) {
      if (faultIsDue() && !goesOnAfterFault(now)) {
        return;
      }
      if (ending != null) {
        finish(ending);
        return;
      }
      next();
      if (ending == null) {
        nextAt += interval;
        if (reply.full()) {
          waitForClient();
          return;
        }
        if (nextAt - now > 0) {
          break;
        }
      }
    }
    wake = engine.pacer.at(Math.max(nextAt, now + 1), this::decode);
  }

  /** Says the next token, or notices the end. */
  private void next() {
    var thoughts = order.thoughts().size();
    if (tokens == thoughts + order.answer().size()) {
      ending = DoneReason.STOP;
    } else if (tokens >= order.most()) {
      ending = DoneReason.LENGTH;
    } else if (tokens < thoughts) {
      var thought = order.thoughts().get(tokens++);
      reply.said(Said.thought(thought, order.scored() ? List.of(thought) : List.of()));
    } else {
      accept(order.answer().get(tokens++ - thoughts));
    }
    if (ending == null && tokens == order.most()) {
      ending = DoneReason.LENGTH;
    }
    if (ending != null) {
      say(stops.rest());
      if (ending == DoneReason.STOP && order.toolCalls() != null) {
        reply.said(Said.calls(order.toolCalls()));
      }
    }
  }

  /** A call is made of tokens that no client sees before it is whole. */
  private void accept(String token) {
    if (order.toolCalls() != null) {
      return;
    }
    if (order.scored()) {
      unsaid.add(token);
    }
    say(stops.accept(token));
    if (stops.reached()) {
      ending = DoneReason.STOP;
    }
  }

  private void say(String text) {
    if (!text.isEmpty()) {
      reply.said(Said.text(text, List.copyOf(unsaid)));
      unsaid.clear();
    }
  }

  private void waitForClient() {
    blocked = true;
    reply.onDrained(
        () -> {
          if (blocked && phase == Phase.DECODING) {
            blocked = false;
            nextAt = System.nanoTime() + interval;
            wake = engine.pacer.at(nextAt, this::decode);
          }
        });
  }

  private boolean faultIsDue() {
    return fault != null && (tokens >= fault.afterTokens() || ending != null);
  }

  private boolean goesOnAfterFault(long now) {
    var met = fault == null ? null : fault.fault();
    fault = null;
    switch (met) {
      case null -> {
        return true;
      }
      case Fault.Busy _ -> {
        return true;
      }
      case Fault.Slow(var tokensPerSecond) -> {
        interval = Engine.intervalNanos(tokensPerSecond);
        return true;
      }
      case Fault.Garbage(var bytes) -> {
        reply.garbage(bytes);
        return true;
      }
      case Fault.Hang(var duration) -> {
        nextAt = now + duration.toNanos();
        wake = engine.pacer.at(nextAt, this::decode);
      }
      case Fault.ErrorLine(var text) -> fail(new OllamaError(500, text));
      case Fault.MissingEnd() -> {
        end();
        reply.endWithoutFinalFrame();
      }
      case Fault.Cut(var reset) -> {
        end();
        reply.cut(reset);
      }
    }
    return false;
  }

  private void fail(OllamaError error) {
    end();
    reply.failed(error);
  }

  private void finish(DoneReason reason) {
    var now = System.nanoTime();
    end();
    engine.journal.answered();
    reply.done(
        reason,
        new GenerationMetrics(
            now - startedAt,
            loadedAt - startedAt,
            order.promptTokens(),
            micros(firstTokenAt - admittedAt),
            tokens,
            micros(now - firstTokenAt)));
  }

  /** What the slot's next prompt may begin with. */
  private String remembered(Slots.Hold held) {
    if (phase != Phase.DECODING) {
      return order.prompt().substring(0, held.shared());
    }
    var text = new StringBuilder(order.prompt());
    var said = order.thoughts().size();
    order.thoughts().stream().limit(tokens).forEach(text::append);
    order.answer().stream().limit(Math.max(0, tokens - said)).forEach(text::append);
    return text.toString();
  }

  private void end() {
    if (wake != null) {
      wake.cancel();
    }
    if (slot != null) {
      slot.release(remembered(slot));
    }
    if (lease != null) {
      lease.release();
    }
    phase = Phase.ENDED;
  }

  /** The engine below measures in microseconds, and nothing takes no time. */
  private static long micros(long nanos) {
    return Math.max(1, nanos / 1000) * 1000;
  }
}
