package dev.penstock.gateway.nativeapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.agent.Agents;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.request.Query;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** {@code /v1/models} in OpenAI's shape, and {@code /v1/agents} (native-api.md section 5). */
public final class CatalogRoutes {
  private static final String MODELS = "/v1/models";

  private final ModelCatalog models;
  private final Agents agents;

  public CatalogRoutes(ModelCatalog models, Agents agents) {
    this.models = models;
    this.agents = agents;
  }

  /** Mounts the routes. */
  public void mount(Router router) {
    router.get(MODELS).handler(this::list);
    router.get(MODELS + "/*").handler(this::model);
    router.get("/v1/agents").handler(this::agents);
  }

  private void list(RoutingContext ctx) {
    Accepts.of(ctx.request()).require(Accepts.JSON);
    ObjectNode json = Wire.JSON.createObjectNode().put("object", "list");
    var data = json.putArray("data");
    seen(ctx).models().forEach(model -> data.add(json(model)));
    Json.send(ctx, 200, json);
  }

  private Models seen(RoutingContext ctx) {
    return models.seenBy(Caller.of(ctx).rights().models());
  }

  private void model(RoutingContext ctx) {
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var id = id(ctx.request().path().substring(MODELS.length() + 1));
    var model =
        seen(ctx)
            .find(id)
            .orElseThrow(
                () ->
                    Failure.of(
                            FailureCode.MODEL_NOT_FOUND,
                            "GET /v1/models lists the models served here.")
                        .asException());
    Json.send(ctx, 200, json(model));
  }

  // Ids hold colons and slashes; clients send them raw or percent-encoded.
  private static String id(String path) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problems.invalid("model", "percent-encoded UTF-8");
    }
  }

  private static ObjectNode json(ServedModel model) {
    ObjectNode json = Wire.JSON.createObjectNode();
    json.put("id", model.id())
        .put("object", "model")
        .put("created", model.created())
        .put("owned_by", model.ownedBy());
    var own = json.putObject("penstock");
    own.set("kind", Wire.JSON.valueToTree(model.kind()));
    own.set("state", Wire.JSON.valueToTree(model.state()));
    own.put("default", model.isDefault())
        .put("context_length", model.contextLength())
        .put("max_output_tokens", model.maxOutputTokens())
        .put("continues", model.continues());
    return json;
  }

  private void agents(RoutingContext ctx) {
    Query.of(ctx.request());
    Accepts.of(ctx.request()).require(Accepts.JSON);
    ObjectNode json = Wire.JSON.createObjectNode();
    var data = json.putArray("data");
    for (var agent : agents.all()) {
      var entry =
          data.addObject()
              .put("name", agent.name())
              .put("description", agent.description())
              .put("model", agent.model());
      entry.set("options", Wire.JSON.valueToTree(agent.options()));
    }
    Json.send(ctx, 200, json);
  }
}
