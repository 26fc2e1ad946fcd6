package dev.penstock.gateway.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gateway.request.Members;
import dev.penstock.gateway.request.Names;
import dev.penstock.gateway.request.OptionsReader;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.kit.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code agents} of the configuration file, a list of {@code {name, description, instruction,
 * model?, options?}}. What it does not know stops the service and is named.
 */
public final class AgentFile {
  private static final String SHIPPED = "agents.yaml";
  private static final String SECTION = "agents";

  /** All sections of the file; the others are another service's. */
  public static final Set<String> SECTIONS =
      Set.of(SECTION, "models", "upstreams", "aliases", "keys", "tenants");

  private static final int MAX_NAME = 256;
  private static final int MAX_DESCRIPTION = 1024;
  private static final int MAX_INSTRUCTION_BYTES = 32 * 1024;

  private AgentFile() {}

  /** The agents that come with the gateway. */
  public static Agents shipped() {
    try (var in = AgentFile.class.getResourceAsStream(SHIPPED)) {
      var file = ConfigurationFile.read(Objects.requireNonNull(in, SHIPPED), SHIPPED, SECTIONS);
      return read(file, SHIPPED);
    } catch (IOException e) {
      throw new IllegalStateException("the gateway's jar is broken", e);
    }
  }

  /**
   * The agents of a file, or those that come with the gateway if it has no such section.
   *
   * @throws ConfigurationException if it cannot be read, or holds what is not known
   */
  public static Agents read(Path file) {
    return read(ConfigurationFile.read(file, SECTIONS), file.toString());
  }

  private static Agents read(ConfigurationFile file, String name) {
    return file.section(SECTION)
        .map(list -> new Agents(agents(list, name)))
        .orElseGet(AgentFile::shipped);
  }

  private static List<Agent> agents(JsonNode list, String file) {
    if (!list.isArray()) {
      throw new ConfigurationException(file + ": agents must be a list");
    }
    var agents = new ArrayList<Agent>();
    var names = new HashSet<String>();
    for (var node : list) {
      var place = file + ": agents[" + agents.size() + "]";
      try {
        agents.add(Members.read(node, AgentFile::agent));
      } catch (ProblemException e) {
        throw new ConfigurationException(place + ": " + e.problem().detail());
      }
      if (!names.add(agents.getLast().name())) {
        throw new ConfigurationException(place + ": name is taken: " + agents.getLast().name());
      }
    }
    return agents;
  }

  private static Agent agent(Members in) {
    return new Agent(
        required(in, "name", in.text("name", 1, MAX_NAME)),
        required(in, "description", in.text("description", 0, MAX_DESCRIPTION)),
        in.requiredUtf8("instruction", MAX_INSTRUCTION_BYTES),
        Names.model(in),
        OptionsReader.read(in));
  }

  private static String required(Members in, String name, @Nullable String value) {
    if (!in.has(name)) {
      in.wrong(name, "given");
    }
    return value == null ? "" : value;
  }
}
