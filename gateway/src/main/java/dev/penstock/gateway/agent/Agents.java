package dev.penstock.gateway.agent;

import dev.penstock.contracts.session.Accept;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The agents of this gateway, by name, in the order of their file. Immutable. */
public final class Agents {
  private final Map<String, Agent> byName;
  private final Map<String, Accept.AgentDefaults> defaults;

  Agents(List<Agent> agents) {
    var map = new LinkedHashMap<String, Agent>();
    agents.forEach(agent -> map.put(agent.name(), agent));
    this.byName = map;
    this.defaults =
        agents.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Agent::name,
                    agent ->
                        new Accept.AgentDefaults(
                            agent.model(), agent.options(), agent.instruction())));
  }

  /** These, and of {@code others} those whose name is free. */
  public Agents with(Agents others) {
    var all = new ArrayList<>(byName.values());
    others.byName.values().stream()
        .filter(other -> !byName.containsKey(other.name()))
        .forEach(all::add);
    return new Agents(all);
  }

  /** The agent of that name. */
  public Optional<Agent> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All of them. */
  public List<Agent> all() {
    return List.copyOf(byName.values());
  }

  /** What a turn inherits from each, as {@code POST /turns} of session-service takes it. */
  public Map<String, Accept.AgentDefaults> defaults() {
    return defaults;
  }
}
