package dev.penstock.gateway.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** gemini-api.md sections 4 and 5: the bytes of a stream. */
class ContentStreamEncoderTest {
  private static final String ID = "kq3fZ8aLN5Wm0uYP7bTxkA";
  private static final Failure BROKEN = Failure.of(FailureCode.UPSTREAM_FAILED, "It broke.");

  private final Buffer out = Buffer.buffer();
  private final ContentStreamEncoder events = encoder(new Framing.Events(), false);

  @Test
  void writesEachChunkAsOneLineAndABlankOne() {
    events.text(out, "The ");
    events.text(out, "Ucayali.");
    events.finished(out, end(FinishReason.STOP));

    assertThat(out.toString())
        .isEqualTo(
            chunk("\"The\"", "", "")
                + chunk("\" Ucayali\"", "", "")
                + chunk(
                    "\".\"",
                    "\"finishReason\":\"STOP\",",
                    "\"usageMetadata\":{\"promptTokenCount\":14,\"candidatesTokenCount\":6,"
                        + "\"totalTokenCount\":20,\"promptTokensDetails\":"
                        + "[{\"modality\":\"TEXT\",\"tokenCount\":14}]},"));
  }

  /** Section 5.2 rules 1 to 3, and characters of two halves. */
  @ParameterizedTest
  @MethodSource("answers")
  void keepsEveryChunkFullAndTheEndOnTheLast(List<String> said) {
    said.forEach(piece -> events.text(out, piece));
    events.finished(out, end(FinishReason.STOP));

    var chunks = chunks(out);
    assertThat(String.join("", chunks.stream().map(ContentStreamEncoderTest::text).toList()))
        .isEqualTo(String.join("", said));
    assertThat(chunks).noneMatch(chunk -> text(chunk).isEmpty());
    assertThat(chunks.subList(0, chunks.size() - 1))
        .noneMatch(chunk -> candidate(chunk).containsKey("finishReason"))
        .noneMatch(chunk -> chunk.containsKey("usageMetadata"));
    assertThat(candidate(chunks.getLast()).getString("finishReason")).isEqualTo("STOP");
    assertThat(chunks.getLast().getJsonObject("usageMetadata")).isNotNull();
    assertThat(chunks).allMatch(chunk -> chunk.getString("responseId").equals(ID));
    assertThat(chunks).allMatch(chunk -> chunk.getString("modelVersion").equals("gemma3:4b"));
  }

  static List<List<String>> answers() {
    return List.of(
        List.of("a"),
        List.of("a", "b"),
        List.of("🐼"),
        List.of("🐼", "🐼"),
        List.of("red ", "panda 🐼", " and", "\u2028", "int f() {\n"),
        List.of("\"", "\\", "}"),
        List.of("日本", "語"));
  }

  @Test
  void endsAnEmptyAnswerWithOneChunkOfEmptyText() {
    events.finished(out, end(FinishReason.STOP));

    assertThat(chunks(out)).singleElement().matches(chunk -> text(chunk).isEmpty());
    assertThat(candidate(chunks(out).getFirst()).getString("finishReason")).isEqualTo("STOP");
  }

  @ParameterizedTest
  @CsvSource({"STOP, STOP", "LENGTH, MAX_TOKENS", "CONTENT_FILTER, SAFETY", "TOOL_CALLS, STOP"})
  void namesEveryReason(FinishReason reason, String name) {
    events.text(out, "a");
    events.finished(out, end(reason));

    assertThat(candidate(chunks(out).getLast()).getString("finishReason")).isEqualTo(name);
  }

  @Test
  void saysThatAPromptWasBlockedWhereNothingWasMadeOfIt() {
    events.finished(
        out,
        new Finished(
            FinishReason.CONTENT_FILTER,
            new Usage(14, 0, false),
            new Timings(null, null, null, null, null)));

    var only = chunks(out).getFirst();
    assertThat(only.getJsonObject("promptFeedback").getString("blockReason")).isEqualTo("SAFETY");
    assertThat(only.containsKey("candidates")).isFalse();
  }

  @Test
  void marksThoughtsAndKeepsThemApart() {
    events.thought(out, "Hm, ");
    events.thought(out, "rivers");
    events.text(out, "The Ucayali.");
    events.finished(out, end(FinishReason.STOP));

    var thoughts = chunks(out).stream().filter(each -> part(each).containsKey("thought")).toList();
    var rest = chunks(out).stream().filter(each -> !part(each).containsKey("thought")).toList();
    assertThat(thoughts).allMatch(each -> part(each).getBoolean("thought"));
    assertThat(String.join("", thoughts.stream().map(ContentStreamEncoderTest::text).toList()))
        .isEqualTo("Hm, rivers");
    assertThat(String.join("", rest.stream().map(ContentStreamEncoderTest::text).toList()))
        .isEqualTo("The Ucayali.");
  }

  @Test
  void endsOnCallsWhereTheModelEndsOnThem() {
    events.text(out, "One moment.");
    events.called(
        out,
        List.of(
            new ToolCall("call_1", "f", "{\"a\":{\"b_c\":1}}"), new ToolCall("call_2", "g", "{}")));
    events.finished(out, end(FinishReason.TOOL_CALLS));

    var last = candidate(chunks(out).getLast());
    assertThat(last.getString("finishReason")).isEqualTo("STOP");
    assertThat(last.getJsonObject("content").getJsonArray("parts"))
        .isEqualTo(
            new JsonArray(
                """
                [{"functionCall":{"id":"call_1","name":"f","args":{"a":{"b_c":1}}}},
                 {"functionCall":{"id":"call_2","name":"g","args":{}}}]
                """));
  }

  @Test
  void tellsProbabilitiesWithTheirText() {
    var top = new TokenLogprob("a", -0.5, List.of(), List.of());
    events.scored(out, "a", List.of(new TokenLogprob("a", -0.5, List.of(), List.of(top))));
    events.scored(out, "", List.of(new TokenLogprob("\uFFFD", -1, List.of(), List.of())));
    events.scored(out, "🐼", List.of(new TokenLogprob("🐼", -2, List.of(), List.of())));
    events.finished(out, end(FinishReason.STOP));

    assertThat(chunks(out)).hasSize(2);
    var first = candidate(chunks(out).getFirst()).getJsonObject("logprobsResult");
    assertThat(first.getJsonArray("chosenCandidates")).hasSize(2);
    assertThat(first.getJsonArray("topCandidates").getJsonObject(0))
        .isEqualTo(new JsonObject("{\"candidates\":[{\"token\":\"a\",\"logProbability\":-0.5}]}"));
    assertThat(
            candidate(chunks(out).getLast())
                .getJsonObject("logprobsResult")
                .getJsonArray("chosenCandidates"))
        .hasSize(1);
  }

  @Test
  void stripsTheQuotesOfAnEnumsWord() {
    var words = encoder(new Framing.Events(), true);
    words.text(out, "\"r");
    words.text(out, "\\\"ed\"");
    words.finished(out, end(FinishReason.STOP));

    assertThat(chunks(out)).singleElement().matches(chunk -> text(chunk).equals("r\"ed"));
  }

  @Test
  void leavesTextThatIsNoWordOfAnEnumAsItIs() {
    var words = encoder(new Framing.Events(), true);
    words.text(out, "x".repeat(4_000));
    words.text(out, "y".repeat(4_000));
    words.finished(out, end(FinishReason.STOP));

    assertThat(String.join("", chunks(out).stream().map(ContentStreamEncoderTest::text).toList()))
        .isEqualTo("x".repeat(4_000) + "y".repeat(4_000));
  }

  /** Section 5.4: two forms, since no one of them reaches every client. */
  @Test
  void tellsAFailureInAnEventAndOnceMoreBare() {
    events.text(out, "The");
    events.failed(out, BROKEN);

    var error = "{\"error\":{\"code\":500,\"message\":\"It broke.\",\"status\":\"INTERNAL\"}}";
    assertThat(out.toString())
        .isEqualTo(chunk("\"Th\"", "", "") + chunk("\"e\"", "", "") + "data: " + error + "\n\n");
    assertThat(events.failedAgain(BROKEN)).hasToString(error + "\n\n");
  }

  /** SSE-27, section 5.3. */
  @Test
  void hasNoSignOfLife() {
    assertThat(events.keepAlive()).isNull();
    assertThat(encoder(new Framing.Array(), false).keepAlive()).isNull();
  }

  /** Section 5.5. */
  @Test
  void writesAnArrayWithNothingAroundIt() {
    var array = encoder(new Framing.Array(), false);
    array.text(out, "The ");
    array.text(out, "Ucayali.");
    array.finished(out, end(FinishReason.STOP));

    assertThat(out.toString()).startsWith("[{").endsWith("}]");
    assertThat(new JsonArray(out)).hasSize(3);
  }

  @Test
  void endsABrokenArrayWithTheError() {
    var array = encoder(new Framing.Array(), false);
    array.text(out, "The ");
    array.failed(out, BROKEN);

    var elements = new JsonArray(out);
    assertThat(
            elements.getJsonObject(elements.size() - 1).getJsonObject("error").getInteger("code"))
        .isEqualTo(500);
    assertThat(array.failedAgain(BROKEN)).isNull();
  }

  private static ContentStreamEncoder encoder(Framing framing, boolean isEnum) {
    return new ContentStreamEncoder(new AnswerNames("gemma3:4b", ID, true), framing, isEnum);
  }

  private static Finished end(FinishReason reason) {
    return new Finished(reason, new Usage(14, 6, false), new Timings(null, null, null, null, null));
  }

  private static String chunk(String text, String reason, String usage) {
    return "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":"
        + text
        + "}],\"role\":\"model\"},"
        + reason
        + "\"index\":0}],"
        + usage
        + "\"modelVersion\":\"gemma3:4b\",\"responseId\":\""
        + ID
        + "\"}\n\n";
  }

  static List<JsonObject> chunks(Buffer stream) {
    assertThat(stream.toString()).endsWith("\n\n");
    return Stream.of(stream.toString().split("\n\n"))
        .peek(event -> assertThat(event).startsWith("data: {").doesNotContain("\n"))
        .map(event -> new JsonObject(event.substring("data: ".length())))
        .toList();
  }

  private static JsonObject candidate(JsonObject chunk) {
    return chunk.getJsonArray("candidates").getJsonObject(0);
  }

  private static JsonObject part(JsonObject chunk) {
    return candidate(chunk).getJsonObject("content").getJsonArray("parts").getJsonObject(0);
  }

  private static String text(JsonObject chunk) {
    var text = part(chunk).getString("text");
    return text == null ? "" : text;
  }
}
