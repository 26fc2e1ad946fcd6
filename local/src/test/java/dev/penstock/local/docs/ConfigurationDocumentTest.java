package dev.penstock.local.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.GatewayConfig;
import dev.penstock.kit.config.Setting;
import dev.penstock.proxy.ProxyConfig;
import dev.penstock.session.SessionServiceConfig;
import dev.penstock.simulator.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

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
    var tables = document.substring(document.indexOf("\n## gateway"));

    if (Boolean.getBoolean("configuration.write")) {
      Files.writeString(DOCUMENT, document.replace(tables, "\n" + expected));
      return;
    }
    assertThat(tables).isEqualTo("\n" + expected);
  }

  private static Map<String, List<Setting<?>>> settings() {
    var all = new LinkedHashMap<String, List<Setting<?>>>();
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
