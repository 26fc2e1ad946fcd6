package dev.penstock.proxy.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.kit.config.Environment;
import dev.penstock.proxy.models.ConfiguredModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of docs/configuration.md, and everything that can be wrong with one. */
class ServingFileTest {
  private static final String A = "upstreams: [{name: a, kind: ollama, url: http://a:11434}]\n";
  private static final String V =
      "upstreams: [{name: v, kind: generate, url: http://v:8000, slots: 8}]\n";

  @Test
  void readsUpstreamsModelsAndAliases() {
    var serving =
        read(
            """
            upstreams:
              - {name: gpu-1, kind: ollama, url: http://gpu-1:11434, slots: 4}
              - {name: cloud, kind: ollama, url: https://cloud.example.com/ollama, shared: true}
              - name: vllm
                kind: openai
                url: http://vllm:8000/v1
                slots: 16
                api_key_env: VLLM_API_KEY
            models:
              - name: gemma3:12b
                context_length: 32768
                max_output_tokens: 2048
                continues: false
                upstreams:
                  - gpu-1
                  - {name: vllm, model: google/gemma-3-12b-it}
              - {name: gemma3:4b, upstreams: [cloud]}
            aliases:
              gemini-2.5-flash: fast
              fast: gemma3:4b
              gemini-2.5-pro: gemma3:12b
            """,
            Map.of("VLLM_API_KEY", "s3cret"));

    assertThat(serving.fromFile()).isTrue();
    assertThat(serving.upstreams())
        .containsExactly(
            upstream("gpu-1", "http://gpu-1:11434", 4, false),
            upstream("cloud", "https://cloud.example.com/ollama", 3, true),
            new UpstreamConfig(
                "vllm",
                UpstreamKind.OPENAI,
                URI.create("http://vllm:8000/v1"),
                16,
                false,
                new ApiKey("VLLM_API_KEY", "s3cret"),
                false));
    var twelve = serving.models().getFirst();
    assertThat(twelve)
        .extracting(
            ConfiguredModel::contextLength,
            ConfiguredModel::maxOutputTokens,
            ConfiguredModel::continues)
        .containsExactly(32768, 2048, false);
    assertThat(twelve.servedAs())
        .containsExactly(entry("gpu-1", "gemma3:12b"), entry("vllm", "google/gemma-3-12b-it"));
    assertThat(serving.models().get(1))
        .extracting(ConfiguredModel::contextLength, ConfiguredModel::continues)
        .containsOnlyNulls();
    assertThat(serving.aliases())
        .containsExactly(
            entry("gemini-2.5-flash", "gemma3:4b"),
            entry("fast", "gemma3:4b"),
            entry("gemini-2.5-pro", "gemma3:12b"));
  }

  /** An Ollama lists its models by itself, so an alias may stand for one the file does not name. */
  @Test
  void showsAnIdentityToTheUpstreamsThatAskForOne() {
    var serving =
        read(
            """
            upstreams:
              - {name: a, kind: ollama, url: "https://a.example.com", auth: identity}
              - {name: b, kind: ollama, url: "https://b.example.com", auth: none}
              - {name: c, kind: ollama, url: "https://c.example.com"}
            """,
            Map.of());

    assertThat(serving.upstreams())
        .extracting(UpstreamConfig::identity)
        .containsExactly(true, false, false);
  }

  @Test
  void letsAnAliasStandForAModelThatAnOllamaMayHave() {
    assertThat(read(A + "aliases: {gemini-2.5-flash: gemma3:1b}", Map.of()).aliases())
        .containsExactly(entry("gemini-2.5-flash", "gemma3:1b"));
  }

  @Test
  void mapsModelsToTheUpstreamsOfTheEnvironmentWhereTheFileNamesNone() {
    var serving = read("models: [{name: m, upstreams: [ollama-1]}]", Map.of());

    assertThat(serving.fromFile()).isFalse();
    assertThat(serving.models()).extracting(ConfiguredModel::id).containsExactly("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'upstreams: []' | upstreams must be a list of at least one",
        "'upstreams: [{kind: ollama, url: http://a}]' | upstreams[0].name must be a text",
        "'upstreams: [{name: a b, kind: ollama, url: http://a}]' | upstreams[0].name must be"
            + " letters",
        "'upstreams: [{name: a, url: http://a}]' | upstreams[0].kind must be one of ollama, openai,"
            + " gemini, vertex, generate",
        "'upstreams: [{name: a, kind: llama, url: http://a}]' | upstreams[0].kind must be one of",
        "'upstreams: [{name: a, kind: ollama}]' | upstreams[0].url must be a text",
        "'upstreams: [{name: a, kind: ollama, url: \"a:11434\"}]' | upstreams[0].url must be an"
            + " http://",
        "'upstreams: [{name: a, kind: ollama, url: \"http://a?key=x\"}]' | upstreams[0].url must be"
            + " an http://",
        "'upstreams: [{name: a, kind: ollama, url: http://a, slots: 0}]' | upstreams[0].slots must"
            + " be a whole number from 1",
        "'upstreams: [{name: a, kind: openai, url: http://a}]' | upstreams[0].slots must be given",
        "'upstreams: [{name: a, kind: ollama, url: http://a, shared: 1}]' | upstreams[0].shared"
            + " must be true or false",
        "'upstreams: [{name: a, kind: ollama, url: http://a, host: b}]' | upstreams[0].host is not"
            + " known",
        "'upstreams: [{name: a, kind: ollama, url: http://a, api_key_env: KEY}]' |"
            + " upstreams[0].api_key_env must be left out",
        "'upstreams: [{name: a, kind: gemini, url: http://a, slots: 1}]' | upstreams[0].api_key_env"
            + " must be given",
        "'upstreams: [{name: a, kind: vertex, url: http://a/v1/projects/p/locations/l, slots: 1,"
            + " api_key_env: K}]' | upstreams[0].api_key_env must be left out",
        "'upstreams: [{name: a, kind: vertex, url: http://a, slots: 1}]' | upstreams[0].url must be"
            + " an address with",
        "'upstreams: [{name: a, kind: openai, url: http://a, slots: 1, api_key_env: NOT_SET}]' |"
            + " upstreams[0].api_key_env must be the name of an environment variable",
        "'upstreams: [{name: a, kind: ollama, url: http://a, auth: key}]' | upstreams[0].auth must"
            + " be one of none, identity",
        "'upstreams: [{name: a, kind: vertex, url: http://a/v1/projects/p/locations/l, slots: 1,"
            + " auth: identity}]' | upstreams[0].auth must be left out",
        "'upstreams: [{name: a, kind: ollama, url: http://a}, {name: a, kind: ollama, url:"
            + " http://b}]' | upstreams[1].name must be a name of its own",
        "'upstreams: [{name: a, kind: ollama, url: http://a}, {name: b, kind: ollama, url:"
            + " \"http://A:80/\"}]' | upstreams[1].url must be another server, not that of"
            + " upstreams[0]",
      })
  void namesTheUpstreamThatIsWrong(String text, String said) {
    assertRefused(text, said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'models: [{upstreams: [a]}]' | models[0].name must be a text",
        "'models: [{name: m}]' | models[0].upstreams must be a list of at least one",
        "'models: [{name: m, upstreams: []}]' | models[0].upstreams must be a list of at least one",
        "'models: [{name: m, upstreams: [b]}]' | models[0].upstreams[0] must be the name of an"
            + " upstream",
        "'models: [{name: m, upstreams: [a, {name: a, model: n}]}]' | models[0].upstreams[1] must"
            + " be an upstream that is not named twice",
        "'models: [{name: m, upstreams: [{name: a, modle: n}]}]' | models[0].upstreams[0].modle is"
            + " not known",
        "'models: [{name: m, upstreams: [a], max_output_tokens: 0}]' | models[0].max_output_tokens"
            + " must be a whole number",
        "'models: [{name: m, upstreams: [a], context_length: 4k}]' | models[0].context_length must"
            + " be a whole number",
        "'models: [{name: m, upstreams: [a], continues: maybe}]' | models[0].continues must be true"
            + " or false",
        "'models: [{name: m, upstreams: [a]}, {name: M:latest, upstreams: [a]}]' | models[1].name"
            + " must be a name of its own, not that of models[0]",
        "'aliases: {x: y, y: x}' | aliases.x must be the name of a model, not of an alias that"
            + " leads in a circle",
        "'aliases: {x: x}' | aliases.x must be the name of a model, not of an alias",
        "'aliases: {x: 7}' | aliases.x must be a text",
        "'aliases: {x: m, X:latest: m}' | aliases.X:latest must be a name that is not given twice",
        "'{models: [{name: m, upstreams: [a]}], aliases: {m: n}}' | aliases.m must be left out, as"
            + " a model has this name",
        "'model: []' | unknown section model",
      })
  void namesTheModelOrAliasThatIsWrong(String text, String said) {
    assertRefused(
        text.startsWith("{") ? "{upstreams: " + inFlow() + text.substring(1) : A + text, said);
  }

  /** Where no server lists its models, what the file names is all there is. */
  @Test
  void namesAnAliasThatLeadsNowhere() {
    assertRefused(V + "aliases: {x: m}", "aliases.x must be the name of a model");
  }

  /** Whoever writes the key itself where its variable belongs must not find it in a log. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: a, kind: openai, url: http://a, slots: 1, api_key_env: s3cret}",
        "{name: a, kind: ollama, url: http://a, api_key_env: s3cret}",
        "{name: a, kind: openai, url: 'http://user:s3cret@a', slots: 1}",
        "{name: a, kind: openai, url: http://a, slots: s3cret}",
      })
  void neverShowsASecret(String upstream) {
    assertThatThrownBy(() -> read("upstreams: [" + upstream + "]", Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageNotContaining("s3cret");
    assertThat(new ApiKey("KEY", "s3cret").toString()).isEqualTo("$KEY");
  }

  private static String inFlow() {
    return A.strip().substring("upstreams: ".length()) + ", ";
  }

  private static void assertRefused(String text, String said) {
    assertThatThrownBy(() -> read(text, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("penstock.yaml")
        .hasMessageContaining(said)
        .hasMessageNotContaining("\n");
  }

  private static Serving read(String text, Map<String, String> environment) {
    try {
      var file =
          ConfigurationFile.read(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
              "penstock.yaml",
              ServingFile.SECTIONS);
      return ServingFile.read(
          file,
          new Environment(environment),
          () -> List.of(upstream("ollama-1", "http://localhost:11434", 1, false)),
          3);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UpstreamConfig upstream(String name, String url, int slots, boolean shared) {
    return new UpstreamConfig(
        name, UpstreamKind.OLLAMA, URI.create(url), slots, shared, null, false);
  }
}
