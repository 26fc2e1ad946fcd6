package dev.penstock.contracts.metric;

/** Labels that several metrics have in common, separated by spaces. */
final class Labels {
  /** What GenAI conventions tell of a call for an answer. */
  static final String CALL =
      "gen_ai_operation_name gen_ai_provider_name gen_ai_request_model gen_ai_response_model";

  private Labels() {}
}
