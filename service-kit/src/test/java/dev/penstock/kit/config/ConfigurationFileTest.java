package dev.penstock.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Design section 11: an unknown member or an ill-typed value stops the service and is named. */
class ConfigurationFileTest {
  private static final Set<String> SECTIONS = Set.of("pumps", "names", "theirs");

  @TempDir private Path folder;

  private enum Kind {
    BIG,
    SMALL
  }

  private record Pump(
      String name,
      Kind kind,
      @Nullable Integer size,
      @Nullable Boolean on,
      @Nullable String note,
      List<Valve> valves) {
    static Pump read(StrictMapping in) {
      return new Pump(
          in.text("name"),
          in.word("kind", Kind.values()),
          in.integer("size", 1, 9),
          in.flag("on"),
          in.optionalText("note"),
          in.list("valves", "name", Valve::read));
    }
  }

  private record Valve(String name, @Nullable Integer turns) {
    static Valve read(StrictMapping in) {
      return new Valve(in.text("name"), in.integer("turns", 0, 5));
    }
  }

  @Test
  void readsTheSectionsThatAreAskedForAndNoOther() throws IOException {
    var file =
        file(
            """
            theirs: [what, ever, {it: is}]
            pumps:
              - {name: a, kind: big, size: 3, on: true, note: new, valves: [x, {name: y, turns: 2}]}
              - name: b
                kind: small
                size: null
                valves: [z]
            names: {one: first, two: second}
            """);

    assertThat(file.list("pumps", Pump::read))
        .containsExactly(
            new Pump(
                "a", Kind.BIG, 3, true, "new", List.of(new Valve("x", null), new Valve("y", 2))),
            new Pump("b", Kind.SMALL, null, null, null, List.of(new Valve("z", null))));
    assertThat(file.texts("names")).containsOnly(entry("one", "first"), entry("two", "second"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "theirs: []\n"})
  void takesASectionThatIsNotThereForAnEmptyOne(String text) throws IOException {
    var file = file(text);

    assertThat(file.has("pumps")).isFalse();
    assertThat(file.list("pumps", Pump::read)).isEmpty();
    assertThat(file.texts("names")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'pump: []'                                        | unknown section pump",
        "'- a'                                             | must be a mapping of sections",
        "'pumps: {}'                                       | pumps must be a list",
        "'pumps:'                                          | pumps must be a list",
        "'pumps: [a]'                                      | pumps[0] must be a mapping",
        "'pumps: [{kind: big, valves: [x]}]'               | pumps[0].name must be a text",
        "'pumps: [{name: 7, kind: big, valves: [x]}]'      | pumps[0].name must be a text",
        "'pumps: [{name: \" \", kind: big, valves: [x]}]'  | pumps[0].name must be a text",
        "'pumps: [{name: a, kind: huge, valves: [x]}]'     | pumps[0].kind must be one of big, small",
        "'pumps: [{name: a, kind: big, size: 10, valves: [x]}]' | pumps[0].size must be a whole number from 1 to 9",
        "'pumps: [{name: a, kind: big, size: \"3\", valves: [x]}]' | pumps[0].size must be a whole number",
        "'pumps: [{name: a, kind: big, size: 3.5, valves: [x]}]' | pumps[0].size must be a whole number",
        "'pumps: [{name: a, kind: big, on: 1, valves: [x]}]' | pumps[0].on must be true or false",
        "'pumps: [{name: a, kind: big, sise: 3, valves: [x]}]' | pumps[0].sise is not known",
        "'pumps: [{name: a, kind: big}]'                   | pumps[0].valves must be a list of at least one",
        "'pumps: [{name: a, kind: big, valves: []}]'       | pumps[0].valves must be a list of at least one",
        "'pumps: [{name: a, kind: big, valves: {x: y}}]'   | pumps[0].valves must be a list",
        "'pumps: [{name: a, kind: big, valves: [x, {name: y, turn: 1}]}]' | pumps[0].valves[1].turn is not known",
        "'names: [a]'                                      | names must be a mapping",
        "'names: {a: 7}'                                   | names.a must be a text",
        "'names: {a: b, a: c}'                             | is not YAML: line 1, column",
        "'names: {a: '                                     | is not YAML: line 1, column",
      })
  void namesWhatIsWrongInOneLine(String text, String said) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("config.yaml")
        .hasMessageContaining(said)
        .hasMessageNotContaining("\n");
  }

  /** A second document would be a part of the file that nobody reads. */
  @Test
  void refusesASecondDocument() {
    assertThatThrownBy(() -> read("theirs: []\n---\npumps: []\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("is not YAML");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pumps: [{name: a, kind: s3cret, valves: [x]}]",
        "pumps: [{name: a, kind: big, size: s3cret, valves: [x]}]",
        "names: {a: [s3cret]}",
        "names: {a: s3cret\n",
        "names:\n  a: @s3cret\n",
      })
  void neverShowsAValue(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void namesAFileThatCannotBeRead() {
    assertThatThrownBy(() -> ConfigurationFile.read(folder.resolve("missing.yaml"), SECTIONS))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_CONFIG")
        .hasMessageContaining("missing.yaml");
  }

  private void read(String text) throws IOException {
    var file = file(text);
    file.list("pumps", Pump::read);
    file.texts("names");
  }

  private ConfigurationFile file(String text) throws IOException {
    return ConfigurationFile.read(Files.writeString(folder.resolve("config.yaml"), text), SECTIONS);
  }
}
