package dev.penstock.gateway.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.wire.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of ollama-api.md section 6. */
class OptionsDecoderTest {
  @Test
  void passesOnWhatAGenerationHeeds() {
    var options =
        decoded(
            "{\"temperature\":0,\"top_k\":40.9,\"top_p\":0.9,\"min_p\":0.1,\"num_predict\":12,"
                + "\"seed\":7,\"repeat_penalty\":1.1,\"presence_penalty\":0.2,"
                + "\"frequency_penalty\":0.3,\"stop\":[\"a\",\"\",\"b\"]}");

    assertThat(options)
        .isEqualTo(
            new GenerationOptions(
                0.0, 0.9, 40, 12, List.of("a", "b"), 7L, Think.ON, 0.1, 1.1, 0.3, 0.2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"num_ctx\":8192,\"num_batch\":1,\"num_gpu\":0,\"main_gpu\":0,\"use_mmap\":true}",
        "{\"num_thread\":2,\"draft_num_predict\":4,\"num_keep\":4,\"typical_p\":1}",
        "{\"repeat_last_n\":64,\"mirostat\":2,\"tfs_z\":\"x\",\"numa\":1,\"low_vram\":true}",
        "{\"num_predict\":-1,\"seed\":-1,\"top_k\":0,\"stop\":[],\"temperature\":null}",
      })
  void keepsToItselfWhatReloadsAModelOrMeansNothing(String options) {
    assertThat(decoded(options)).isEqualTo(GenerationOptions.NONE.withThink(Think.ON));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"temperature\":\"hot\"} | option \"temperature\" must be of type float32",
        "{\"top_p\":true} | option \"top_p\" must be of type float32",
        "{\"num_ctx\":\"4096\"} | option \"num_ctx\" must be of type integer",
        "{\"seed\":[]} | option \"seed\" must be of type integer",
        "{\"use_mmap\":1} | option \"use_mmap\" must be of type boolean",
        "{\"stop\":\"a\"} | option \"stop\" must be of type array",
        "{\"stop\":[1]} | option \"stop\" must be of an array of strings",
      })
  void refusesAWrongTypeAsOllamaDoes(String options, String text) {
    assertThatThrownBy(() -> decoded(options))
        .isInstanceOfSatisfying(
            OllamaException.class,
            refused -> assertThat(refused.error()).isEqualTo(new OllamaError(500, text)));
  }

  private static GenerationOptions decoded(String options) {
    return OptionsDecoder.decode(Wire.decode(options, JsonNode.class), Think.ON);
  }
}
