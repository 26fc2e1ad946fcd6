package dev.penstock.local.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.GatewayConfig;
import dev.penstock.gateway.agent.AgentFile;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.log.LogFormat;
import dev.penstock.kit.trace.Tracing;
import dev.penstock.proxy.ProxyConfig;
import dev.penstock.proxy.serving.ServingFile;
import dev.penstock.session.SessionServiceConfig;
import dev.penstock.simulator.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds {@code docs/configuration.md} against the settings the services declare. With {@code
 * -Dconfiguration.write=true} it rewrites the tables instead.
 */
class ConfigurationDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/configuration.md");

  @Test
  void listsEverySettingOfEveryServiceWithDefaultUnitAndMeaning() throws IOException {
    var expected = new StringBuilder();
    settings().forEach((service, settings) -> expected.append(table(service, settings)));

    var document = Files.readString(DOCUMENT);
    var tables = document.substring(document.indexOf("\n## every service"));

    if (Boolean.getBoolean("configuration.write")) {
      Files.writeString(DOCUMENT, document.replace(tables, "\n" + expected));
      return;
    }
    assertThat(tables).isEqualTo("\n" + expected);
  }

  @Test
  void showsAFileThatEveryServiceReads(@TempDir Path folder) throws IOException {
    var document = Files.readString(DOCUMENT);
    var start = document.indexOf("```yaml\n") + "```yaml\n".length();
    var example = document.substring(start, document.indexOf("```", start));
    var file = Files.writeString(folder.resolve("penstock.yaml"), example);
    var environment = new Environment(Map.of("PENSTOCK_CONFIG", file.toString()));

    var serving = ProxyConfig.from(environment, false).serving();
    var agents = GatewayConfig.from(environment, false).agents();

    assertThat(serving.upstreams()).hasSize(3);
    assertThat(serving.aliases()).containsEntry("gemini-2.5-flash", "gemma3:4b");
    assertThat(agents.find("production_agent")).isPresent();
  }

  /** A section is one service's to read and every service's to accept. */
  @Test
  void agreesOnTheSectionsOfTheFile() {
    assertThat(ServingFile.SECTIONS).isEqualTo(AgentFile.SECTIONS);
  }

  private static Map<String, List<Setting<?>>> settings() {
    var all = new LinkedHashMap<String, List<Setting<?>>>();
    all.put(
        "every service",
        Stream.concat(LogFormat.settings().stream(), Tracing.settings().stream()).toList());
    all.put("gateway", GatewayConfig.settings());
    all.put("session-service", SessionServiceConfig.settings());
    all.put("inference-proxy", ProxyConfig.SETTINGS);
    all.put("simulator", SimulatorConfig.settings());
    return all;
  }

  private static String table(String service, List<Setting<?>> settings) {
    var table =
        new StringBuilder(
            "## " + service + "\n\n| name | default | unit | meaning |\n|---|---|---|---|\n");
    for (var setting : settings) {
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  setting.name(),
                  setting.defaultText() == null ? "" : "`" + setting.defaultText() + "`",
                  setting.unit(),
                  Objects.requireNonNull(setting.meaning())));
    }
    return table.append('\n').toString();
  }
}
