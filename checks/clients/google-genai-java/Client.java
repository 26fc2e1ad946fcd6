import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.ListModelsConfig;
import com.google.genai.types.Part;
import com.google.genai.types.Tool;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Drives Penstock by Google's Gen AI library for Java. */
final class Client {
  private static final Map<String, String> FINISHES =
      Map.of("stop", "STOP", "length", "MAX_TOKENS");

  private Client() {}

  private static com.google.genai.Client client(HttpOptions.Builder options) {
    return com.google.genai.Client.builder().apiKey("unused").httpOptions(options.build()).build();
  }

  private static HttpOptions.Builder at(Behaviours.Case given) {
    return HttpOptions.builder().baseUrl(given.text("url"));
  }

  private static com.google.genai.Client client(Behaviours.Case given) {
    return client(at(given));
  }

  /** Its own default is five attempts. */
  private static com.google.genai.Client once(Behaviours.Case given) {
    return client(at(given).retryOptions(HttpRetryOptions.builder().attempts(1).build()));
  }

  private static GenerateContentConfig.Builder config(Behaviours.Case given) {
    var config = GenerateContentConfig.builder();
    if (given.has("system")) {
      config.systemInstruction(Content.fromParts(Part.fromText(given.text("system"))));
    }
    if (given.has("stop")) {
      config.stopSequences(given.texts("stop"));
    }
    if (given.has("max_tokens")) {
      config.maxOutputTokens(given.json().get("max_tokens").asInt());
    }
    return config;
  }

  private static GenerateContentResponse ask(
      com.google.genai.Client client, Behaviours.Case given, GenerateContentConfig.Builder config) {
    return client.models.generateContent(given.text("model"), given.prompt(), config.build());
  }

  private static void sameEnd(Behaviours.Case given, GenerateContentResponse answer) {
    Behaviours.same("finish", answer.finishReason().toString(), FINISHES.get(given.text("finish")));
    var usage = answer.usageMetadata().orElseThrow();
    Behaviours.same(
        "prompt tokens", usage.promptTokenCount().orElseThrow().longValue(), given.usage("input"));
    Behaviours.same(
        "answer tokens",
        usage.candidatesTokenCount().orElseThrow().longValue(),
        given.usage("output"));
  }

  private static String complete(com.google.genai.Client client, Behaviours.Case given) {
    var answer = ask(client, given, config(given));
    Behaviours.same("text", answer.text(), given.expected());
    sameEnd(given, answer);
    return answer.text();
  }

  private static void complete(Behaviours.Case given) {
    complete(client(given), given);
  }

  private static ResponseStream<GenerateContentResponse> chunks(
      com.google.genai.Client client, Behaviours.Case given) {
    return client.models.generateContentStream(
        given.text("model"), given.prompt(), config(given).build());
  }

  private static Stream<String> texts(ResponseStream<GenerateContentResponse> chunks) {
    return StreamSupport.stream(chunks.spliterator(), false)
        .map(chunk -> chunk.text() == null ? "" : chunk.text());
  }

  private static String stream(com.google.genai.Client client, Behaviours.Case given) {
    var text = new StringBuilder();
    GenerateContentResponse last = null;
    try (var chunks = chunks(client, given)) {
      for (var chunk : chunks) {
        text.append(chunk.text());
        last = chunk;
      }
    }
    Behaviours.same("text", text.toString(), given.expected());
    sameEnd(given, last);
    return text.toString();
  }

  private static void stream(Behaviours.Case given) {
    stream(client(given), given);
  }

  private static void multiTurn(Behaviours.Case given) {
    var connection = client(given);
    var chat = connection.chats.create(given.text("model"));
    for (var turn = 0; turn < given.texts("prompts").size(); turn++) {
      // Each chunk becomes an entry of the history, which must come back as one answer.
      var text = new StringBuilder();
      try (var chunks = chat.sendMessageStream(given.texts("prompts").get(turn))) {
        chunks.forEach(chunk -> text.append(chunk.text()));
      }
      Behaviours.same("text", text.toString(), given.texts("expected").get(turn));
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode json) {
    return new ObjectMapper().convertValue(json, Map.class);
  }

  private static void tools(Behaviours.Case given) throws Exception {
    var tool = given.json().get("tool");
    var declared =
        FunctionDeclaration.builder()
            .name(tool.get("name").asText())
            .description(tool.get("description").asText())
            .parametersJsonSchema(map(tool.get("parameters")))
            .build();
    var offered =
        config(given).tools(Tool.builder().functionDeclarations(declared).build()).build();
    var connection = client(given);
    var chat = connection.chats.create(given.text("model"), offered);
    var call = chat.sendMessage(given.prompt()).functionCalls().getFirst();
    Behaviours.same("function", call.name().orElse(""), tool.get("name").asText());
    Behaviours.same("arguments", call.args().orElseThrow(), map(given.json().get("arguments")));
    var result = map(Behaviours.json(tool.get("result").asText()));
    var told = Content.fromParts(Part.fromFunctionResponse(tool.get("name").asText(), result));
    Behaviours.same("text", chat.sendMessage(told).text(), given.expected());
  }

  private static void structured(Behaviours.Case given) throws Exception {
    var formed =
        config(given)
            .responseMimeType("application/json")
            .responseJsonSchema(map(given.json().get("schema")));
    var text = ask(client(given), given, formed).text();
    Behaviours.same("document", Behaviours.json(text), Behaviours.json(given.expected()));
  }

  private static void images(Behaviours.Case given) {
    var picture = Base64.getDecoder().decode(given.text("image"));
    var content =
        Content.fromParts(Part.fromText(given.prompt()), Part.fromBytes(picture, "image/png"));
    var connection = client(given);
    var answer = connection.models.generateContent(given.text("model"), content, null);
    Behaviours.same("text", answer.text(), given.expected());
  }

  private static void count(Behaviours.Case given) {
    var connection = client(given);
    var counted = connection.models.countTokens(given.text("model"), given.prompt(), null);
    Behaviours.same(
        "tokens", counted.totalTokens().orElseThrow().longValue(), given.usage("input"));
  }

  private static void models(Behaviours.Case given) {
    var name = "models/" + given.text("model");
    var connection = client(given);
    var listed =
        StreamSupport.stream(
                connection.models.list(ListModelsConfig.builder().build()).spliterator(), false)
            .anyMatch(model -> model.name().orElse("").equals(name));
    Behaviours.same("listed", listed, true);
    var shown = connection.models.get(given.text("model"), null);
    Behaviours.same("model", shown.name().orElse(""), name);
  }

  private static void refused(int code, String status, Behaviours.Case given) throws Exception {
    var error = Behaviours.thrown(ApiException.class, () -> complete(once(given), given));
    Behaviours.same("code", error.code(), code);
    Behaviours.same("status", error.status(), status);
  }

  private static void badRequest(Behaviours.Case given) throws Exception {
    var error =
        Behaviours.thrown(
            ApiException.class, () -> ask(once(given), given, config(given).candidateCount(2)));
    Behaviours.same("status", error.status(), "INVALID_ARGUMENT");
  }

  private static void abort(Behaviours.Case given) {
    var connection = client(given);
    try (var chunks = chunks(connection, given)) {
      Behaviours.begins(given, texts(chunks));
    }
  }

  private static com.google.genai.Client hasty(Behaviours.Case given, int millis) {
    var retries = HttpRetryOptions.builder().attempts(1).build();
    return client(at(given).timeout(millis).retryOptions(retries));
  }

  private static String abortWhole(Behaviours.Case given) throws Exception {
    return Behaviours.thrown(Exception.class, () -> complete(hasty(given, 700), given))
        .getClass()
        .getSimpleName();
  }

  private static String timeoutRetry(Behaviours.Case given) throws Exception {
    var hasty = hasty(given, (int) given.timeout().toMillis());
    Behaviours.thrown(Exception.class, () -> complete(hasty, given));
    complete(given);
    return "its timeout is for all attempts together; asked again by hand";
  }

  private static void refusedOnce(Behaviours.Case given) throws Exception {
    refused(429, "RESOURCE_EXHAUSTED", given);
    complete(given);
  }

  private static String broken(Behaviours.Case given) throws Exception {
    var connection = client(given);
    try (var chunks = chunks(connection, given)) {
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
            "stream", "length", "unicode", "slow-start", "wire-merged", "wire-bytes", "wire-odd")) {
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
    all.put("count", Behaviours.plain(Client::count));
    all.put("models", Behaviours.plain(Client::models));
    all.put("unknown-model", Behaviours.plain(g -> refused(404, "NOT_FOUND", g)));
    all.put("bad-request", Behaviours.plain(Client::badRequest));
    all.put("too-long", Behaviours.plain(g -> refused(400, "OUT_OF_RANGE", g)));
    all.put("too-large", Behaviours.plain(g -> refused(400, "INVALID_ARGUMENT", g)));
    all.put("abort", Behaviours.plain(Client::abort));
    all.put("abort-whole", Client::abortWhole);
    all.put("timeout-retry", Client::timeoutRetry);
    all.put("queue-full", Behaviours.plain(Client::refusedOnce));
    Behaviours.run(all, Map.of());
  }
}
