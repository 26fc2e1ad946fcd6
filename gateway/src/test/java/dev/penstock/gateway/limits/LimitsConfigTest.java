package dev.penstock.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.access.Limits;
import dev.penstock.gateway.agent.AgentFile;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.kit.config.Environment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section {@code tenants} of the configuration file. */
class LimitsConfigTest {
  @Test
  void readsWhatIsGivenAndLimitsNothingElse() throws IOException {
    var config =
        read(
            """
            tenants:
              acme: {rpm: 600, tpm: 200000, streams: 20, output_tokens: 2048, body_bytes: 65536}
              other: {streams: 1}
              free: {}
            """);

    assertThat(config.tenants())
        .containsOnly(
            Map.entry("acme", new Limits(600, 200_000, 20, 2_048, 65_536)),
            Map.entry("other", new Limits(null, null, 1, null, null)),
            Map.entry("free", Limits.NONE));
    assertThat(LimitsConfig.from(new Environment(Map.of()), null).tenants()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tenants: {acme: {rpm: 0}}          | test.yaml: tenants.acme.rpm must be a whole number
          tenants: {acme: {tpm: many}}       | test.yaml: tenants.acme.tpm must be a whole number
          tenants: {acme: {rps: 1}}          | test.yaml: tenants.acme.rps is not known
          tenants: {acme: 5}                 | test.yaml: tenants.acme must be a mapping
          tenants: [acme]                    | test.yaml: tenants must be a mapping
          """)
  void namesWhatIsWrong(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(message);
  }

  private static LimitsConfig read(String yaml) throws IOException {
    var in = new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
    var file = ConfigurationFile.read(in, "test.yaml", AgentFile.SECTIONS);
    return LimitsConfig.from(new Environment(Map.of()), file);
  }
}
