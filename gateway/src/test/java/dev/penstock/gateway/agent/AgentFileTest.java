package dev.penstock.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kit.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentFileTest {
  @TempDir private Path folder;

  @Test
  void shipsAZooGuideWhoKnowsThatSheHasNoTools() {
    var gem = AgentFile.shipped().find("production_agent").orElseThrow();

    assertThat(gem.instruction()).contains("You are Gem", "zoo guide", "no tools");
    assertThat(gem.model()).isNull();
    assertThat(AgentFile.shipped().defaults().values())
        .extracting(each -> each.instruction())
        .containsExactly(gem.instruction());
  }

  @Test
  void readsTheAgentsOfAFileInTheirOrder() throws IOException {
    var agents =
        AgentFile.read(
            file(
                """
                agents:
                  - {name: b, description: second letter, instruction: Be b., model: m}
                  - name: a
                    description: ""
                    instruction: Be a.
                    options: {temperature: 0.1, stop: [end]}
                """));

    assertThat(agents.all()).extracting(Agent::name).containsExactly("b", "a");
    assertThat(agents.find("a").orElseThrow().options().temperature()).isEqualTo(0.1);
    assertThat(agents.find("production_agent")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"''", "'# nothing\n'", "'models: []\nupstreams: []\nkeys: []\n'"})
  void keepsTheShippedAgentsWhereAFileHasNone(String text) throws IOException {
    assertThat(AgentFile.read(file(text)).find("production_agent")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agnets: []                       | unknown section agnets",
        "- a                              | must be a mapping",
        "agents: {}                       | agents must be a list",
        "agents: [7]                      | agents[0]",
        "agents: [{}]                     | agents[0]: name",
        "'agents: [{name: a, description: d, instruction: i, tools: []}]' | agents[0]: tools",
        "'agents: [{name: a, description: d, instruction: \" \"}]' | agents[0]: instruction",
        "'agents: [{name: a, description: d, instruction: i, options: {temperature: 3}}]' | agents[0]: options.temperature must be a number from 0 to 2",
        "'agents: [{name: a, description: d, instruction: i, options: {top_q: 3}}]' | options.top_q",
        "'agents: [{name: a, description: d, instruction: i}, {name: a, description: d, instruction: i}]' | agents[1]: name is taken",
        "'agents: [{name: a, name: b}]'   | is not YAML",
        "'agents: ['                      | is not YAML",
      })
  void namesWhatItDoesNotKnow(String text, String said) {
    assertThatThrownBy(() -> AgentFile.read(file(text)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("config.yaml")
        .hasMessageContaining(said);
  }

  @Test
  void namesAFileThatCannotBeRead() {
    assertThatThrownBy(() -> AgentFile.read(folder.resolve("missing.yaml")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_CONFIG")
        .hasMessageContaining("missing.yaml");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), text);
  }
}
