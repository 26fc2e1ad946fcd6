package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.gateway.agent.Agent;
import dev.penstock.kit.http.Version;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/** What there is: apps, this server, and what ADK Web asks of both. */
final class InfoRoutes {
  private static final String LANGUAGE = "yaml"; // of the two that clients know, agents.yaml's

  private final Apps apps;

  InfoRoutes(Apps apps) {
    this.apps = apps;
  }

  void mount(Router router, Handler<RoutingContext> body) {
    router.get("/list-apps").handler(this::list);
    router.get("/version").handler(InfoRoutes::version);
    router.get("/apps/:app/app-info").handler(this::info);
    router
        .patch("/apps/:app/users/:user/memory")
        .handler(ctx -> ctx.fail(new AdkException(400, "Memory service is not configured.")));
    router.get("/config/telemetry").handler(InfoRoutes::telemetry);
    router.post("/config/telemetry").handler(body).handler(InfoRoutes::setTelemetry);
  }

  private void list(RoutingContext ctx) {
    var nodes = JsonNodeFactory.instance;
    if (ctx.queryParam("detailed").contains("true")) {
      var json = nodes.objectNode();
      var all = json.putArray("apps");
      apps.names().forEach(name -> all.add(about(apps.require(name))));
      Replies.send(ctx, json);
    } else {
      var names = nodes.arrayNode();
      apps.names().forEach(names::add);
      Replies.send(ctx, names);
    }
  }

  private static ObjectNode about(Agent agent) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", agent.name())
        .put("rootAgentName", agent.name())
        .put("description", agent.description())
        .put("language", LANGUAGE)
        .put("isComputerUse", false);
  }

  private void info(RoutingContext ctx) {
    var agent = apps.require(Objects.requireNonNull(ctx.pathParam("app")));
    var json = about(agent);
    json.putObject("agents")
        .putObject(agent.name())
        .put("name", agent.name())
        .put("description", agent.description())
        .putArray("tools");
    Replies.send(ctx, json);
  }

  private static void version(RoutingContext ctx) {
    Replies.send(
        ctx,
        JsonNodeFactory.instance
            .objectNode()
            .put("version", Version.OF_BUILD)
            .put("language", "java")
            .put("language_version", Runtime.version().toString()));
  }

  /** This server sends nothing anywhere, whatever it is told. */
  private static void telemetry(RoutingContext ctx) {
    Replies.send(ctx, JsonNodeFactory.instance.objectNode().put("telemetry", false));
  }

  private static void setTelemetry(RoutingContext ctx) {
    if (!"true".equals(ctx.request().getHeader("X-ADK-Telemetry-Request"))) {
      throw new AdkException(400, "X-ADK-Telemetry-Request is missing.");
    }
    var body = ctx.body().buffer();
    JsonNode json = Fields.parse(body == null ? Buffer.buffer() : body);
    Fields.read(json, in -> in.flag("telemetry"));
    telemetry(ctx);
  }
}
