package dev.penstock.local.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.access.ApiKey;
import dev.penstock.contracts.access.Peppers;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./penstock keys} beside a local database that does not run, and is started for it. */
class KeysCommandIT {
  private static final Pattern KEY = Pattern.compile("psk_[0-9a-z]{12}_[A-Za-z0-9_-]{51}");

  @TempDir private static Path data;

  @Test
  void makesListsAndRevokesAKeyThatIsShownOnce() throws IOException {
    var made =
        run("create", "--tenant", "acme", "--name", "ci", "--models", "gemma3:4b", "--rpm", "60");

    assertThat(made).contains("shown this once");
    var key = ApiKey.parse(only(KEY, made)).orElseThrow();
    var pepper = data.resolve("key-pepper");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pepper)))
        .isEqualTo("rw-------");
    assertThat(Peppers.parse(Files.readString(pepper)).of(key)).isPresent();
    assertThat(run("list"))
        .contains(key.id(), "acme", "ci", "in force")
        .doesNotContain(key.secret());
    assertThatThrownBy(() -> run("create", "--tenant", "acme", "--name", "ci"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("has a key named ci");
    assertThat(run("revoke", key.id())).contains("revoked");
    assertThat(run("list", "--tenant", "acme")).contains("revoked");
    assertThat(run("list", "--tenant", "other")).doesNotContain(key.id());
    assertThat(run("create", "--tenant", "acme", "--name", "ci")).containsPattern(KEY);
    assertThatThrownBy(() -> run("revoke", "000000000000")).hasMessageContaining("no key");
  }

  /** For those who deploy by file: nothing is kept, and the key is not in what goes to the file. */
  @Test
  void printsTheEntryOfAFile() {
    var entry =
        run(
            "create",
            "--yaml",
            "--tenant",
            "acme",
            "--name",
            "file",
            "--scopes",
            "chat",
            "--tpm",
            "9");

    assertThat(entry)
        .contains("tenant: \"acme\"", "scopes: [chat]", "limits: {tokens_per_minute: 9}", "hash:")
        .doesNotContain("psk_");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bogus",
        "create",
        "create --tenant acme",
        "create --tenant a/b --name x",
        "create --tenant acme --name x --scopes root",
        "create --tenant acme --name x --rpm 0",
        "create --tenant acme --name x --expires 2020-01-01T00:00:00Z",
        "create --tenant acme --name x --expires soon",
        "revoke"
      })
  void saysInOneLineWhatItDoesNotUnderstand(String words) {
    assertThatThrownBy(() -> run(words.split(" ")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageEndingWith("see ./penstock keys --help");
  }

  /** A key made under another pepper than the gateways' would be of no use. */
  @Test
  void asksForThePepperWhereTheDatabaseIsNotItsOwn() {
    var elsewhere = Map.of("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/penstock");

    assertThatThrownBy(
            () ->
                KeysCommand.run(
                    new Environment(elsewhere), "create", "--tenant", "acme", "--name", "x"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_KEY_PEPPER");
  }

  private static String run(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.add("--data");
    all.add(data.toString());
    var said = new ByteArrayOutputStream();
    var out = System.out;
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      KeysCommand.run(new Environment(Map.of()), all.toArray(String[]::new));
    } finally {
      System.setOut(out);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  private static String only(Pattern pattern, String text) {
    var found = pattern.matcher(text).results().map(match -> match.group()).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }
}
