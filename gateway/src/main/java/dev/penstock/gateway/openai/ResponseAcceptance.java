package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.gateway.request.IdempotencyKey;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Makes a request for a response that is kept into what session-service accepts.
 *
 * @param instance what owns the turn
 * @param agents what a conversation's agent adds
 */
record ResponseAcceptance(
    UUID instance, Generations generations, Map<String, Accept.AgentDefaults> agents) {

  /**
   * The turn that is to be accepted.
   *
   * @param hash of the request
   * @throws dev.penstock.contracts.failure.FailureException {@code model_not_found}
   */
  Accept accept(ResponseRequest asked, Keeping keeping, IdempotencyKey key, String hash) {
    var models = generations.models();
    if (models.known() && models.find(asked.model()).isEmpty()) {
      throw Failure.of(FailureCode.MODEL_NOT_FOUND, "No model of that name is served here.")
          .asException();
    }
    return new Accept(
        instance,
        keeping.place(),
        asked.input(),
        asked.model(),
        null,
        generations.thinkable(asked.model(), asked.options()),
        asked.instructions(),
        asked.form(),
        StoredResponse.extra(asked.echo()),
        terms(asked, keeping),
        List.of(),
        asked.model(),
        agents,
        key.value(),
        hash);
  }

  /** Without its readers only a background response goes on, and it alone need not hurry. */
  private Accept.Terms terms(ResponseRequest asked, Keeping keeping) {
    var config = generations.config();
    var deadline =
        asked.stream() || keeping.background() ? config.streamDeadline() : config.wholeDeadline();
    return new Accept.Terms(
        keeping.background() ? OnDisconnect.CONTINUE : OnDisconnect.CANCEL,
        0,
        Accept.OnBusy.REJECT,
        deadline.toMillis());
  }
}
