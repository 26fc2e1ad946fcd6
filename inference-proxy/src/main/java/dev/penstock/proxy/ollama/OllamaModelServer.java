package dev.penstock.proxy.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import dev.penstock.proxy.models.InstalledModel;
import dev.penstock.proxy.models.LoadedModel;
import dev.penstock.proxy.models.ModelServer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks Ollama about its models: {@code GET /api/tags}, {@code GET /api/ps}, {@code POST /api/show},
 * and {@code POST /api/chat} to load and to probe.
 */
public final class OllamaModelServer implements ModelServer {
  private static final int MAX_BODY_BYTES = 8 * 1024 * 1024;

  private final String name;
  private final HttpClient client;
  private final OllamaAddress address;
  private final Times times;

  /**
   * How long answers may take.
   *
   * @param list lists and descriptions
   * @param start what a server that is starting may need for its first answer
   * @param load a model's load
   */
  public record Times(Duration list, Duration start, Duration load) {}

  /**
   * The Ollama at that address.
   *
   * @param client of the admission's context
   */
  public OllamaModelServer(String name, HttpClient client, OllamaAddress address, Times times) {
    this.name = name;
    this.client = client;
    this.address = address;
    this.times = times;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Future<List<InstalledModel>> installed() {
    return ask(
        OllamaUpstream.get(address, "/api/tags"), null, times.list(), OllamaModelServer::installed);
  }

  @Override
  public Future<List<LoadedModel>> loaded() {
    return ask(
        OllamaUpstream.get(address, "/api/ps"), null, times.start(), OllamaModelServer::loaded);
  }

  @Override
  public Future<Void> load(String model) {
    return facts(model)
        .compose(
            facts ->
                facts.lacks(Capability.COMPLETION)
                    ? load("/api/embed", OllamaEmbedRequest.load(model))
                    : load("/api/chat", OllamaChatRequest.load(model)));
  }

  private Future<Void> load(String route, Buffer body) {
    return ask(OllamaUpstream.post(address, route), body, times.load(), _ -> true).mapEmpty();
  }

  @Override
  public Future<Boolean> continues(String model) {
    return ask(
        OllamaUpstream.post(address, "/api/chat"),
        OllamaChatRequest.renderMarker(model),
        times.start(),
        answer ->
            answer
                .path("_debug_info")
                .path("rendered_template")
                .asText()
                .endsWith(OllamaChatRequest.MARKER));
  }

  @Override
  public Future<ModelFacts> facts(String model) {
    return ask(
        OllamaUpstream.post(address, "/api/show"),
        OllamaChatRequest.show(model),
        times.start(),
        OllamaModelFacts::shown);
  }

  private static List<InstalledModel> installed(JsonNode answer) {
    var models = new ArrayList<InstalledModel>();
    for (var model : answer.path("models")) {
      var facts = OllamaModelFacts.listed(model);
      var modified = facts.modifiedAt();
      models.add(
          new InstalledModel(
              model.path("name").asText(),
              modified == null ? 0 : modified.getEpochSecond(),
              facts));
    }
    return models;
  }

  private static List<LoadedModel> loaded(JsonNode answer) {
    var models = new ArrayList<LoadedModel>();
    for (var model : answer.path("models")) {
      var contextLength = model.path("context_length").asInt();
      models.add(
          new LoadedModel(model.path("name").asText(), contextLength > 0 ? contextLength : null));
    }
    return models;
  }

  private <T> Future<T> ask(
      RequestOptions options, @Nullable Buffer body, Duration limit, Function<JsonNode, T> reader) {
    return client
        .request(options)
        .recover(_ -> Future.failedFuture(Setback.unreachable().asException()))
        .compose(
            request ->
                answer(request, body)
                    .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                    // What came too late, or not whole, must not hold the connection.
                    .onFailure(_ -> request.reset()))
        .recover(OllamaModelServer::asSetback)
        .map(reader);
  }

  private static Future<JsonNode> answer(HttpClientRequest request, @Nullable Buffer body) {
    return (body == null ? request.send() : request.send(body))
        .compose(
            answer ->
                answer.statusCode() == 200
                    ? document(answer)
                    : ErrorBody.read(answer)
                        .compose(
                            text ->
                                Future.failedFuture(
                                    OllamaErrors.ofStatus(answer.statusCode(), text)
                                        .asException())));
  }

  private static Future<JsonNode> document(HttpClientResponse answer) {
    return answer
        .body()
        .map(
            body -> {
              if (body.length() > MAX_BODY_BYTES) {
                throw unintelligible();
              }
              try {
                return Wire.JSON.readTree(body.getBytes());
              } catch (IOException e) {
                throw unintelligible();
              }
            });
  }

  private static RuntimeException unintelligible() {
    return Setback.failed(
            FailureCode.UPSTREAM_PROTOCOL,
            "The model server sent something that cannot be understood; try again.")
        .asException();
  }

  private static <T> Future<T> asSetback(Throwable failure) {
    if (failure instanceof SetbackException) {
      return Future.failedFuture(failure);
    }
    var setback =
        failure instanceof TimeoutException
            ? Setback.failed(
                FailureCode.UPSTREAM_TIMEOUT, "The model server did not answer in time; try again.")
            : Setback.lost();
    return Future.failedFuture(setback.asException());
  }
}
