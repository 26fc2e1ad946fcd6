package dev.penstock.gateway.limits;

import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.EmbeddingCall;
import dev.penstock.gateway.inference.Generation;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one request has taken of its caller's limits. Whoever holds it starts one generation or call
 * with it, which gives it back however it ends, or gives it back unused. Confined to one event
 * loop.
 */
public final class Grant {
  /** Asked for when a budget is used up, so that accounts are not asked with every token. */
  private static final int STEP = 256;

  private final Admission admission;
  private final CallerLimits limits;
  private final Caller caller;
  private final List<Account> accounts;
  private long reserved;
  private boolean exhausted;
  private boolean over;

  /**
   * @param reserved tokens that are taken from each account
   */
  Grant(
      Admission admission,
      CallerLimits limits,
      Caller caller,
      List<Account> accounts,
      long reserved) {
    this.admission = admission;
    this.limits = limits;
    this.caller = caller;
    this.accounts = accounts;
    this.reserved = reserved;
  }

  /**
   * Starts the generation that was granted, no longer than the caller's answers may be. One that
   * uses up its budget is cancelled and ends as {@code length}.
   *
   * @param within the span it is a part of
   * @param sink as of {@link dev.penstock.gateway.inference.Generator#start}
   */
  public Generation start(Span within, GenerationRequest request, Consumer<GenerationEvent> sink) {
    var longest = admission.longestAnswer(caller, request.options().maxTokens());
    var prompt = PromptEstimate.of(request.messages());
    var budget = budget(prompt, admission.usualAnswer(request.model(), longest), longest != null);
    var bounded =
        longest == null ? request : request.withOptions(request.options().withMaxTokens(longest));
    var generation = new GrantedGeneration(this, prompt, budget, sink);
    try {
      generation.of(admission.generator().start(within, bounded, generation::heard));
    } catch (RuntimeException e) {
      giveBack();
      throw e;
    }
    return generation;
  }

  /** Makes the call for embeddings that was granted. */
  public EmbeddingCall embed(Supplier<EmbeddingCall> call) {
    try {
      return new GrantedEmbedding(this, call.get(), reserved);
    } catch (RuntimeException e) {
      giveBack();
      throw e;
    }
  }

  /** Gives everything back, if nothing was started: as if it had never been asked for. */
  public void giveBack() {
    if (!over) {
      over = true;
      accounts.forEach(account -> account.leave(-reserved, true, limits.now()));
    }
  }

  /** Whether the answer was cut because the caller's budget of tokens was used up. */
  public boolean exhausted() {
    return exhausted;
  }

  void exhaust() {
    exhausted = true;
  }

  /** It has ended: what was used is charged, what was reserved beyond that given back. */
  void settle(Usage usage, long gpuMs) {
    if (!over) {
      over = true;
      var used = (long) usage.inputTokens() + usage.outputTokens();
      accounts.forEach(account -> account.leave(used - reserved, false, limits.now()));
      limits.ledger().used(caller, usage, gpuMs);
    }
  }

  long now() {
    return limits.now();
  }

  /**
   * Reserves tokens for an answer that goes on.
   *
   * @return how many there are; 0 if the budget is used up
   */
  long more() {
    return reserve(STEP);
  }

  /** How many tokens the answer may have before more must be asked for. */
  private long budget(long prompt, long answer, boolean bounded) {
    if (accounts.isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (prompt > reserved) {
      // A turn's history, which was not known when it was admitted.
      charge(prompt - reserved);
    }
    var wanted = prompt + answer;
    if (wanted > reserved) {
      reserve(wanted - reserved);
    } else {
      charge(wanted - reserved);
    }
    // A model server holds itself to the longest answer, and counts better.
    return bounded && reserved >= wanted ? Long.MAX_VALUE : reserved - prompt;
  }

  private void charge(long amount) {
    reserved += amount;
    accounts.forEach(account -> account.charge(amount, limits.now()));
  }

  private long reserve(long wanted) {
    var got = wanted;
    for (var i = 0; i < accounts.size() && got > 0; i++) {
      var before = got;
      got = accounts.get(i).reserve(before, limits.now());
      for (var earlier : accounts.subList(0, i)) {
        earlier.charge(got - before, limits.now());
      }
    }
    reserved += got;
    return got;
  }
}
