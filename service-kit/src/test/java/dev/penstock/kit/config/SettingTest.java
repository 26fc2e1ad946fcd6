package dev.penstock.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
  private static final Setting<Integer> SLOTS =
      Setting.integer("SLOTS", 4, 1, 64, "generations", "generations at once");

  @Test
  void isItsDefaultWhereTheVariableIsAbsentOrBlank() {
    assertThat(environment("OTHER", "1").get(SLOTS)).isEqualTo(4);
    assertThat(environment("SLOTS", "  ").get(SLOTS)).isEqualTo(4);
  }

  @Test
  void takesItsBounds() {
    assertThat(environment("SLOTS", "1").get(SLOTS)).isEqualTo(1);
    assertThat(environment("SLOTS", "64").get(SLOTS)).isEqualTo(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65", "four", "4.5", "99999999999", " 4"})
  void namesTheVariableItsBoundsAndTheValueThatIsNone(String value) {
    assertThatThrownBy(() -> environment("SLOTS", value).get(SLOTS))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("SLOTS must be a whole number from 1 to 64 but is \"" + value + "\"");
  }

  @Test
  void readsDurationsInMilliseconds() {
    var wait = Setting.millis("WAIT_MS", 250, 10, 60_000, "longest wait");

    assertThat(environment("WAIT_MS", "60000").get(wait)).isEqualTo(Duration.ofMinutes(1));
    assertThatThrownBy(() -> environment("WAIT_MS", "9").get(wait))
        .hasMessageContaining("WAIT_MS must be a whole number of milliseconds from 10 to 60000");
  }

  @Test
  void readsFlags() {
    var flag = Setting.flag("SHARED", false, "whether it is shared");

    assertThat(environment("SHARED", "TRUE").get(flag)).isTrue();
    assertThat(environment("SHARED", "0").get(flag)).isFalse();
    assertThatThrownBy(() -> environment("SHARED", "yes").get(flag))
        .hasMessageContaining("true or false");
  }

  @Test
  void readsListsOfAddresses() {
    var addresses = Setting.addresses("URLS", null, "where to go");

    assertThat(environment("URLS", "http://a:1, https://b/x").get(addresses))
        .isEqualTo(List.of(URI.create("http://a:1"), URI.create("https://b/x")));
    for (var wrong :
        new String[] {"a:1", "ftp://a", "http://", "http://a,,http://b", "http://a b"}) {
      assertThatThrownBy(() -> environment("URLS", wrong).get(addresses))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("URLS");
    }
  }

  @Test
  void neverShowsASecret() {
    var secret =
        new Setting<>(
            "KEY",
            null,
            "",
            "the key",
            true,
            text -> {
              throw new IllegalArgumentException("32 bytes in hex");
            });

    assertThatThrownBy(() -> environment("KEY", "hunter2").get(secret))
        .hasMessage("KEY must be 32 bytes in hex");
  }

  @Test
  void saysWhatIsMissing() {
    var url = Setting.text("DATABASE_URL", null, "where the database is");

    assertThat(environment("OTHER", "x").find(url)).isEmpty();
    assertThatThrownBy(() -> environment("OTHER", "x").get(url))
        .hasMessage("DATABASE_URL must be set: where the database is");
  }

  private static Environment environment(String name, String value) {
    return new Environment(Map.of(name, value));
  }
}
