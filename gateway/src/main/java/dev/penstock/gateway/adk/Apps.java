package dev.penstock.gateway.adk;

import dev.penstock.gateway.agent.Agent;
import dev.penstock.gateway.agent.Agents;
import java.util.List;

/** The apps: an agent each, those that come with the gateway always among them. */
record Apps(Agents agents) {
  /** What the production server keeps to itself. */
  private static final String INTERNAL = "__";

  /** Their names, sorted. */
  List<String> names() {
    return agents.all().stream().map(Agent::name).sorted().toList();
  }

  /**
   * The agent that an app is.
   *
   * @throws AdkException 404, or 403 for a name that is never one
   */
  Agent require(String app) {
    if (app.startsWith(INTERNAL)) {
      throw new AdkException(403, "App names that begin with __ are internal.");
    }
    return agents
        .find(app)
        .orElseThrow(
            () -> new AdkException(404, "Agent not found: '" + app + "'. See /list-apps."));
  }
}
