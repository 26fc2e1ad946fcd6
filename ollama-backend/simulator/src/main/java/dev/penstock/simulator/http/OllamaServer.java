package dev.penstock.simulator.http;

import dev.penstock.gojson.GoJsonException;
import dev.penstock.simulator.catalog.Catalog;
import dev.penstock.simulator.engine.Engine;
import dev.penstock.simulator.engine.Journal;
import dev.penstock.simulator.engine.Scheduler;
import dev.penstock.simulator.wire.OllamaError;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the route of a request and collects its body. Confined to one event loop.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/server/routes.go">Ollama, routes.go</a>
 */
public final class OllamaServer implements Handler<HttpServerRequest> {
  /** The Ollama that is imitated. */
  public static final String VERSION = "0.32.15";

  private static final String PREFLIGHT_HEADERS =
      "Authorization,Content-Type,User-Agent,Accept,X-Requested-With,OpenAI-Beta,"
          + "x-stainless-arch,x-stainless-async,x-stainless-custom-poll-interval,x-stainless-helper-method,"
          + "x-stainless-lang,x-stainless-os,x-stainless-package-version,x-stainless-poll-helper,"
          + "x-stainless-retry-count,x-stainless-runtime,x-stainless-runtime-version,x-stainless-timeout";

  private final Map<String, Map<String, Route>> routes = new TreeMap<>();
  private final AccessCheck access;
  private final Journal journal;
  private final int maxBodyBytes;

  /**
   * @param loopback whether the server listens on loopback only
   */
  public OllamaServer(
      Catalog catalog,
      Scheduler scheduler,
      Engine engine,
      Journal journal,
      Limits limits,
      boolean loopback) {
    this.access = new AccessCheck(loopback);
    this.journal = journal;
    this.maxBodyBytes = limits.maxBodyBytes();
    var completions = new Completions(catalog, scheduler, engine, limits);
    var models = new ModelRoutes(catalog, scheduler, limits.contextLength());
    read("/", exchange -> exchange.text(200, Exchange.TEXT_UTF8, "Ollama is running"));
    read(
        "/api/version",
        exchange -> exchange.json(200, Buffer.buffer("{\"version\":\"" + VERSION + "\"}")));
    read("/api/tags", models::tags);
    get("/api/status", OllamaServer::status);
    get("/api/ps", models::ps);
    post("/api/show", models::show);
    post("/api/chat", completions::chat);
    post("/api/generate", completions::generate);
    post("/api/embed", new EmbedRoute(catalog, engine, limits.contextLength()));
  }

  @Override
  public void handle(HttpServerRequest request) {
    var startedAt = System.nanoTime();
    journal.requested();
    var host = request.authority();
    var origin = request.getHeader("Origin");
    if (!access.allowsOrigin(origin, host == null ? null : host.toString())
        || !access.allowsHost(host == null ? null : host.host())) {
      forbid(request);
      return;
    }
    if (origin != null && !origin.isEmpty()) {
      request
          .response()
          .putHeader("Access-Control-Allow-Origin", origin)
          .putHeader("Vary", "Origin");
      if (request.method().equals(HttpMethod.OPTIONS)) {
        preflight(request);
        return;
      }
    }
    collect(request, startedAt);
  }

  private void collect(HttpServerRequest request, long startedAt) {
    var body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() <= maxBodyBytes) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(_ -> answer(new Exchange(request, body, startedAt)));
  }

  private void answer(Exchange exchange) {
    try {
      if (exchange.body().length() > maxBodyBytes) {
        throw OllamaError.badRequest("http: request body too large");
      }
      route(exchange);
    } catch (OllamaError refused) {
      exchange.refuse(refused);
    } catch (GoJsonException unreadable) {
      exchange.refuse(OllamaError.badRequest(unreadable.text()));
    }
  }

  private void route(Exchange exchange) {
    var methods = routes.get(exchange.request().path());
    if (methods == null) {
      exchange.text(404, Exchange.TEXT, "404 page not found");
      return;
    }
    var route = methods.get(exchange.request().method().name());
    if (route == null) {
      exchange.response().putHeader("Allow", String.join(", ", methods.keySet()));
      exchange.text(405, Exchange.TEXT, "405 method not allowed");
      return;
    }
    route.handle(exchange);
  }

  private static void forbid(HttpServerRequest request) {
    Exchange.dated(request.response().setStatusCode(403)).putHeader("Content-Length", "0").end();
  }

  private static void preflight(HttpServerRequest request) {
    Exchange.dated(request.response().setStatusCode(204))
        .putHeader("Access-Control-Allow-Headers", PREFLIGHT_HEADERS)
        .putHeader("Access-Control-Allow-Methods", "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS")
        .putHeader("Access-Control-Max-Age", "43200")
        .end();
  }

  private static void status(Exchange exchange) {
    exchange.json(200, Buffer.buffer("{\"cloud\":{\"disabled\":true,\"source\":\"env\"}}"));
  }

  private void read(String path, Route route) {
    get(path, route);
    mount("HEAD", path, route);
  }

  private void get(String path, Route route) {
    mount("GET", path, route);
  }

  private void post(String path, Route route) {
    mount("POST", path, route);
  }

  private void mount(String method, String path, Route route) {
    routes.computeIfAbsent(path, _ -> new TreeMap<>()).put(method, route);
  }
}
