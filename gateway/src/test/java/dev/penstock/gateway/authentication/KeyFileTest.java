package dev.penstock.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.kit.config.ConfigurationException;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTest {
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final String LEAST =
      "id: \"aaaaaaaaaaaa\", tenant: acme, name: ci, hash: \"" + HASH + "\"";

  @TempDir private Path folder;

  @Test
  void readsAllThatAKeyMayHave() throws IOException {
    var keys =
        read(
            "keys: [{"
                + LEAST
                + ", user: ann, scopes: [chat, admin], models: [\"gemma3:4b\"],"
                + " limits: {requests_per_minute: 60, streams: 2}, expires: \"2127-01-31T00:00:00Z\"}]");

    assertThat(keys.get("aaaaaaaaaaaa"))
        .isEqualTo(
            new StoredKey(
                "aaaaaaaaaaaa",
                "acme",
                "ci",
                "ann",
                Set.of(Scope.CHAT, Scope.ADMIN),
                List.of("gemma3:4b"),
                new Limits(60, null, 2, null, null),
                HASH,
                Instant.parse("2127-01-31T00:00:00Z"),
                null));
  }

  @Test
  void opensChatAndSessionsToEveryModelUnlessItSaysLess() throws IOException {
    var key = Objects.requireNonNull(read("keys: [{" + LEAST + "}]").get("aaaaaaaaaaaa"));

    assertThat(key.scopes()).containsExactlyInAnyOrder(Scope.CHAT, Scope.SESSIONS);
    assertThat(key.models()).isNull();
    assertThat(key.limits()).isEqualTo(Limits.NONE);
    assertThat(read("aliases: {}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keys: [{tenant: acme}] | keys[0].id must be",
        "keys: [{LEAST, secret: x}] | keys[0].secret is not known",
        "keys: [{LEAST, scopes: [root]}] | keys[0].scopes[0].scope must be one of",
        "keys: [{LEAST, scopes: []}] | keys[0].scopes must be a list of at least one",
        "keys: [{LEAST, models: []}] | keys[0].models must be a list of at least one",
        "keys: [{LEAST, expires: tomorrow}] | keys[0].expires must be a time",
        "keys: [{LEAST, limits: {rpm: 1}}] | keys[0].limits.rpm is not known",
        "keys: [{LEAST, limits: {streams: 0}}] | keys[0].limits.streams must be a whole number",
        "keys: [{LEAST}, {LEAST}] | keys has aaaaaaaaaaaa twice",
      })
  void namesWhatIsWrongAndShowsNoValue(String yaml, String said) {
    assertThatThrownBy(() -> read(yaml.replace("LEAST", LEAST)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining(HASH);
  }

  /** Tenants that a header cannot carry would all arrive as the same question marks. */
  @ParameterizedTest
  @CsvSource({"tenant, 日本", "tenant, a b", "tenant, a%20b", "user, Zoë", "user, a%62"})
  void takesNoTenantAndNoPersonThatAHeaderCannotCarry(String member, String name) {
    var named =
        member.equals("tenant")
            ? LEAST.replace("tenant: acme", "tenant: \"" + name + "\"")
            : LEAST + ", user: \"" + name + "\"";

    assertThatThrownBy(() -> read("keys: [{" + named + "}]"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("keys[0]." + member + " must be 1 to 128 visible ASCII characters")
        .hasMessageNotContaining(name);
  }

  @Test
  void winsOverAKeyOfTheSameIdInTheDatabase() throws IOException {
    var listed = read("keys: [{" + LEAST + "}]");
    var other = MadeKey.of("other").stored();
    KeySource database = _ -> Future.succeededFuture(Optional.of(other));
    var both = new AuthenticationConfig(Set.of(), null, Map.copyOf(listed), 1, 1).over(database);

    assertThat(both.find("aaaaaaaaaaaa").result()).contains(listed.get("aaaaaaaaaaaa"));
    assertThat(both.find("bbbbbbbbbbbb").result()).contains(other);
  }

  private Map<String, StoredKey> read(String yaml) throws IOException {
    return KeyFile.read(Files.writeString(folder.resolve("penstock.yaml"), yaml));
  }
}
