package dev.penstock.local.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every rule that is built has a test that names it in its Javadoc or its class's, alone or as one
 * of several ("T-3 to T-5"). What is missing in these lists comes with what it is about: a takeover
 * that goes on (T-22, T-25 to T-27). T-2 asks for nothing.
 */
class RuleCoverageTest {
  /** turns.md. */
  private static final int[][] TURNS = {{1, 1}, {3, 21}, {23, 24}, {28, 40}};

  /** sse.md, sections 1 to 4. */
  private static final int[][] STREAMS = {{1, 31}};

  /** chat-page.md, the first form of the page. */
  private static final int[][] PAGE = {
    {2, 4}, {9, 9}, {11, 11}, {15, 18}, {21, 21}, {24, 27}, {32, 32}, {36, 36}, {38, 38}, {53, 54},
    {57, 57}
  };

  /** native-api.md section 1; nobody is unauthenticated where nobody checks. */
  private static final String FAILURES =
      """
      context_length_exceeded invalid_request forbidden not_found model_not_found agent_not_found
      method_not_allowed not_acceptable unsupported_media_type turn_in_progress cannot_continue
      not_last_turn version_mismatch payload_too_large idempotency_key_reused rate_limited
      queue_full no_capacity queue_timeout store_unavailable draining upstream_failed
      upstream_protocol upstream_truncated upstream_timeout deadline_exceeded internal""";

  /** sse.md section 8: the cases of web-platform-tests that are about the format. */
  private static final String FORMAT =
      """
      format-bom format-bom-2 format-comments format-data-before-final-empty-line format-field-data
      format-field-event format-field-event-empty format-field-id format-field-id-2
      format-field-id-3 format-field-id-null format-field-parsing format-field-retry
      format-field-retry-bogus format-field-retry-empty format-field-unknown format-leading-space
      format-newlines format-null-character format-utf-8""";

  private static final Pattern JAVADOC = Pattern.compile("/\\*\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern RULE =
      Pattern.compile("\\b(T|SSE|CP)-(\\d+)(?:[\\s*]+to[\\s*]+\\1-(\\d+))?");

  @Test
  void everyRuleIsNamedByATest() {
    var named =
        tests(".")
            .flatMap(test -> JAVADOC.matcher(test).results())
            .flatMap(javadoc -> RULE.matcher(javadoc.group()).results())
            .flatMap(RuleCoverageTest::each)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(named)
        .containsAll(rules("T", TURNS))
        .containsAll(rules("SSE", STREAMS))
        .containsAll(rules("CP", PAGE));
  }

  @Test
  void everyFailureIsMetAtTheEdge() {
    var met = Stream.concat(tests("gateway"), tests("local")).collect(Collectors.joining());

    assertThat(FAILURES.split("\\s+")).allSatisfy(code -> assertThat(met).contains(code));
  }

  @Test
  void theReaderMeetsEveryCaseOfTheFormat() {
    var met = tests("contracts").collect(Collectors.joining());

    assertThat(FORMAT.split("\\s+")).allSatisfy(name -> assertThat(met).contains(name));
  }

  private static Set<String> rules(String family, int[][] ranges) {
    return Arrays.stream(ranges)
        .flatMap(range -> numbered(family, range[0], range[1]))
        .collect(Collectors.toSet());
  }

  private static Stream<String> each(MatchResult rules) {
    var first = Integer.parseInt(rules.group(2));
    var last = Integer.parseInt(Objects.requireNonNullElse(rules.group(3), rules.group(2)));
    return numbered(rules.group(1), first, last);
  }

  private static Stream<String> numbered(String family, int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(number -> family + "-" + number);
  }

  /** The sources of the tests below a folder of the checkout, this one's left out. */
  private static Stream<String> tests(String folder) {
    try (var files = Files.walk(Path.of("..", folder))) {
      return files
          .filter(file -> file.toString().contains("src/test/java"))
          .filter(file -> file.toString().matches(".*(Test|IT|Contract)\\.java"))
          .filter(file -> !file.endsWith(RuleCoverageTest.class.getSimpleName() + ".java"))
          .map(RuleCoverageTest::read)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
