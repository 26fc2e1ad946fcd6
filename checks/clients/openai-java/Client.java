import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Drives Penstock by OpenAI's own library for Java. */
final class Client {
  private Client() {}

  private static OpenAIOkHttpClient.Builder connect(Behaviours.Case given) {
    return OpenAIOkHttpClient.builder().apiKey("unused").baseUrl(given.text("url") + "/v1");
  }

  private static OpenAIClient client(Behaviours.Case given) {
    return connect(given).build();
  }

  private static ChatCompletionCreateParams.Builder request(Behaviours.Case given) {
    var request = ChatCompletionCreateParams.builder().model(given.text("model"));
    if (given.has("system")) {
      request.addSystemMessage(given.text("system"));
    }
    if (given.has("stop")) {
      request.stopOfStrings(given.texts("stop"));
    }
    if (given.has("max_tokens")) {
      request.maxCompletionTokens(given.json().get("max_tokens").asLong());
    }
    return request.addUserMessage(given.prompt());
  }

  private static String text(ChatCompletion answer) {
    return answer.choices().getFirst().message().content().orElse("");
  }

  private static void sameEnd(Behaviours.Case given, ChatCompletion answer) {
    var finish = answer.choices().getFirst().finishReason().asString();
    Behaviours.same("finish", finish, given.text("finish"));
    sameUsage(given, answer.usage().orElseThrow());
  }

  private static void sameUsage(Behaviours.Case given, CompletionUsage usage) {
    Behaviours.same("prompt tokens", usage.promptTokens(), given.usage("input"));
    Behaviours.same("answer tokens", usage.completionTokens(), given.usage("output"));
  }

  private static ChatCompletion complete(OpenAIClient client, Behaviours.Case given) {
    var answer = client.chat().completions().create(request(given).build());
    Behaviours.same("text", text(answer), given.expected());
    sameEnd(given, answer);
    return answer;
  }

  private static void complete(Behaviours.Case given) {
    complete(client(given), given);
  }

  private static void stream(Behaviours.Case given) {
    stream(client(given), given);
  }

  private static ChatCompletion stream(OpenAIClient client, Behaviours.Case given) {
    var usage = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    var whole = ChatCompletionAccumulator.create();
    var asked = request(given).streamOptions(usage).build();
    try (var chunks = client.chat().completions().createStreaming(asked)) {
      chunks.stream().forEach(whole::accumulate);
    }
    Behaviours.same("text", text(whole.chatCompletion()), given.expected());
    sameEnd(given, whole.chatCompletion());
    return whole.chatCompletion();
  }

  private static void multiTurn(Behaviours.Case given) {
    var asked = ChatCompletionCreateParams.builder().model(given.text("model"));
    for (var turn = 0; turn < given.texts("prompts").size(); turn++) {
      asked.addUserMessage(given.texts("prompts").get(turn));
      var answer = client(given).chat().completions().create(asked.build());
      Behaviours.same("text", text(answer), given.texts("expected").get(turn));
      asked.addMessage(answer.choices().getFirst().message());
    }
  }

  private static Map<String, JsonValue> members(JsonNode object) {
    var members = new HashMap<String, JsonValue>();
    object.properties().forEach(m -> members.put(m.getKey(), JsonValue.fromJsonNode(m.getValue())));
    return members;
  }

  private static void tools(Behaviours.Case given) throws Exception {
    var tool = given.json().get("tool");
    var parameters =
        FunctionParameters.builder().putAllAdditionalProperties(members(tool.get("parameters")));
    var function =
        FunctionDefinition.builder()
            .name(tool.get("name").asText())
            .description(tool.get("description").asText())
            .parameters(parameters.build());
    var asked =
        request(given)
            .addTool(ChatCompletionFunctionTool.builder().function(function.build()).build());
    var first = client(given).chat().completions().create(asked.build()).choices().getFirst();
    Behaviours.same("finish", first.finishReason().asString(), "tool_calls");
    var call = first.message().toolCalls().orElseThrow().getFirst().asFunction();
    Behaviours.same("function", call.function().name(), tool.get("name").asText());
    var arguments = Behaviours.json(call.function().arguments());
    Behaviours.same("arguments", arguments, given.json().get("arguments"));
    asked.addMessage(first.message());
    asked.addMessage(
        ChatCompletionToolMessageParam.builder()
            .toolCallId(call.id())
            .content(tool.get("result").asText())
            .build());
    var answer = client(given).chat().completions().create(asked.build());
    Behaviours.same("text", text(answer), given.expected());
  }

  private static void structured(Behaviours.Case given) throws Exception {
    var schema =
        ResponseFormatJsonSchema.JsonSchema.Schema.builder()
            .putAllAdditionalProperties(members(given.json().get("schema")))
            .build();
    var form =
        ResponseFormatJsonSchema.JsonSchema.builder()
            .name("city")
            .strict(true)
            .schema(schema)
            .build();
    var asked =
        request(given)
            .responseFormat(ResponseFormatJsonSchema.builder().jsonSchema(form).build())
            .build();
    var answer = client(given).chat().completions().create(asked);
    var expected = Behaviours.json(given.expected());
    Behaviours.same("document", Behaviours.json(text(answer)), expected);
  }

  private static void images(Behaviours.Case given) {
    var url = "data:image/png;base64," + given.text("image");
    var image = ChatCompletionContentPartImage.ImageUrl.builder().url(url).build();
    var parts =
        List.of(
            ChatCompletionContentPart.ofText(
                ChatCompletionContentPartText.builder().text(given.prompt()).build()),
            ChatCompletionContentPart.ofImageUrl(
                ChatCompletionContentPartImage.builder().imageUrl(image).build()));
    var asked =
        ChatCompletionCreateParams.builder()
            .model(given.text("model"))
            .addUserMessageOfArrayOfContentParts(parts)
            .build();
    var answer = client(given).chat().completions().create(asked);
    Behaviours.same("text", text(answer), given.expected());
  }

  private static void embeddings(Behaviours.Case given) {
    var asked =
        EmbeddingCreateParams.builder()
            .model(given.text("model"))
            .inputOfArrayOfStrings(given.texts("texts"))
            .build();
    var vectors = client(given).embeddings().create(asked).data();
    Behaviours.same("vectors", vectors.size(), given.json().get("embeddings").size());
    for (var i = 0; i < vectors.size(); i++) {
      Behaviours.near(vectors.get(i).embedding(), given.json().get("embeddings").get(i));
    }
  }

  private static void completions(Behaviours.Case given) {
    var asked =
        CompletionCreateParams.builder()
            .model(given.text("model"))
            .prompt(given.prompt())
            .maxTokens(given.json().get("max_tokens").asLong())
            .build();
    var whole = client(given).completions().create(asked);
    Behaviours.same("text", whole.choices().getFirst().text(), given.expected());
    sameUsage(given, whole.usage().orElseThrow());
    try (var pieces = client(given).completions().createStreaming(asked)) {
      var text =
          pieces.stream().map(p -> p.choices().getFirst().text()).collect(Collectors.joining());
      Behaviours.same("text in pieces", text, given.expected());
    }
  }

  private static void responses(Behaviours.Case given) {
    var asked =
        ResponseCreateParams.builder()
            .model(given.text("model"))
            .input(given.prompt())
            .store(false)
            .build();
    var whole = client(given).responses().create(asked);
    var content = whole.output().getFirst().asMessage().content().getFirst();
    Behaviours.same("text", content.asOutputText().text(), given.expected());
    var usage = whole.usage().orElseThrow();
    Behaviours.same("answer tokens", usage.outputTokens(), given.usage("output"));
    try (var events = client(given).responses().createStreaming(asked)) {
      var text =
          events.stream()
              .flatMap(event -> event.outputTextDelta().stream())
              .map(delta -> delta.delta())
              .collect(Collectors.joining());
      Behaviours.same("text in pieces", text, given.expected());
    }
  }

  private static void models(Behaviours.Case given) {
    var model = given.text("model");
    var listed = client(given).models().list().autoPager().stream().map(m -> m.id()).toList();
    Behaviours.same("listed", listed.contains(model), true);
    Behaviours.same("model", client(given).models().retrieve(model).id(), model);
  }

  private static void refused(
      Class<? extends OpenAIServiceException> kind, String code, Behaviours.Case given)
      throws Exception {
    var error = Behaviours.thrown(kind, () -> complete(client(given), given));
    Behaviours.same("code", error.code().orElse(""), code);
  }

  private static void badRequest(Behaviours.Case given) throws Exception {
    var asked = request(given).temperature(9).build();
    var error =
        Behaviours.thrown(
            BadRequestException.class, () -> client(given).chat().completions().create(asked));
    Behaviours.same("param", error.param().orElse(""), "temperature");
  }

  private static void tooLarge(Behaviours.Case given) throws Exception {
    var error =
        Behaviours.thrown(OpenAIServiceException.class, () -> complete(client(given), given));
    Behaviours.same("status", error.statusCode(), 413);
  }

  private static Stream<String> texts(StreamResponse<ChatCompletionChunk> chunks) {
    return chunks.stream()
        .flatMap(chunk -> chunk.choices().stream())
        .map(choice -> choice.delta().content().orElse(""));
  }

  private static void abort(Behaviours.Case given) {
    try (var chunks = client(given).chat().completions().createStreaming(request(given).build())) {
      Behaviours.begins(given, texts(chunks));
    }
  }

  private static void abortWhole(Behaviours.Case given) throws Exception {
    var hasty = connect(given).timeout(Duration.ofMillis(700)).maxRetries(0).build();
    Behaviours.thrown(OpenAIIoException.class, () -> complete(hasty, given));
  }

  private static void timeoutRetry(Behaviours.Case given) {
    complete(connect(given).timeout(given.timeout()).maxRetries(1).build(), given);
  }

  private static void refusedOnce(Behaviours.Case given) throws Exception {
    var once = connect(given).maxRetries(0).build();
    Behaviours.thrown(RateLimitException.class, () -> stream(once, given));
    stream(given);
  }

  private static String broken(Behaviours.Case given) throws Exception {
    var once = connect(given).maxRetries(0).build();
    try (var chunks = once.chat().completions().createStreaming(request(given).build())) {
      return Behaviours.breaks(given, texts(chunks));
    }
  }

  public static void main(String... arguments) throws Exception {
    var all = new HashMap<String, Behaviours.Behaviour>();
    for (var name : List.of("happy", "system", "stop", "large-input")) {
      all.put(name, Behaviours.plain(Client::complete));
    }
    for (var name :
        List.of(
            "stream",
            "length",
            "unicode",
            "slow-start",
            "wire-merged",
            "wire-bytes",
            "wire-odd",
            "wire-keep-alives")) {
      all.put(name, Behaviours.plain(Client::stream));
    }
    for (var name :
        List.of("midstream-error", "truncation", "reset", "wire-reset", "wire-closed")) {
      all.put(name, Client::broken);
    }
    all.put("multi-turn", Behaviours.plain(Client::multiTurn));
    all.put("tools", Behaviours.plain(Client::tools));
    all.put("structured", Behaviours.plain(Client::structured));
    all.put("images", Behaviours.plain(Client::images));
    all.put("embeddings", Behaviours.plain(Client::embeddings));
    all.put("completions", Behaviours.plain(Client::completions));
    all.put("responses", Behaviours.plain(Client::responses));
    all.put("responses-stored", Behaviours.plain(g -> new Kept(client(g), g).stored()));
    all.put("responses-resume", Behaviours.plain(g -> new Kept(client(g), g).resume()));
    all.put("responses-background", Behaviours.plain(g -> new Kept(client(g), g).background()));
    all.put("conversations", Behaviours.plain(g -> new Kept(client(g), g).conversations()));
    all.put("models", Behaviours.plain(Client::models));
    all.put(
        "unknown-model",
        Behaviours.plain(g -> refused(NotFoundException.class, "model_not_found", g)));
    all.put("bad-request", Behaviours.plain(Client::badRequest));
    all.put(
        "too-long",
        Behaviours.plain(g -> refused(BadRequestException.class, "context_length_exceeded", g)));
    all.put("too-large", Behaviours.plain(Client::tooLarge));
    all.put("abort", Behaviours.plain(Client::abort));
    all.put("abort-whole", Behaviours.plain(Client::abortWhole));
    all.put("timeout-retry", Behaviours.plain(Client::timeoutRetry));
    all.put("queue-full", Behaviours.plain(Client::refusedOnce));
    Behaviours.run(all, Map.of());
  }
}
