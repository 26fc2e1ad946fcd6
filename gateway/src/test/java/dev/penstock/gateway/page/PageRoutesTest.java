package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The document and its files over HTTP. */
class PageRoutesTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern STYLE =
      Pattern.compile("href=\"(/assets/page\\.[0-9a-f]{16}\\.css)\"");
  private static final Pattern IMPORT_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>");

  private static Vertx vertx;
  private static HttpServer server;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    var page = new PageRoutes(PageAssets.load());
    var router = Router.router(vertx);
    router
        .route("/")
        .handler(
            ctx -> {
              if (PageRoutes.wantsPage(ctx)) {
                page.page(ctx);
              } else {
                ctx.end("card");
              }
            });
    page.mountAssets(router);
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @AfterAll
  static void stop() {
    HTTP.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send("GET", path, headers);
  }

  private static HttpResponse<byte[]> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(server.actualPort(), path)))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String document() throws IOException, InterruptedException {
    return new String(get("/", "Accept", "text/html").body(), StandardCharsets.UTF_8);
  }

  private static String find(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(pattern.pattern()).isTrue();
    return matcher.group(1);
  }

  /** CP-53, word for word. */
  @Test
  void servesTheDocumentUnderThePolicy() throws Exception {
    var response = get("/", "Accept", "text/html");

    var importMap = find(IMPORT_MAP, new String(response.body(), StandardCharsets.UTF_8));
    var hash =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(importMap.getBytes(StandardCharsets.UTF_8)));
    assertThat(response.headers().firstValue("Content-Security-Policy"))
        .hasValue(
            "default-src 'none'; script-src 'self' 'sha256-"
                + hash
                + "'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self';"
                + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                + " require-trusted-types-for 'script'; trusted-types dompurify lit-html");
    assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(response.headers().firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(response.headers().allValues("Vary")).contains("accept", "accept-encoding");
  }

  @Test
  void namesNoForeignHost() throws Exception {
    assertThat(document().replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "//");
  }

  @Test
  void servesFilesForEverUnderTheNameOfTheirContent() throws Exception {
    var path = find(STYLE, document());

    var response = get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Cache-Control"))
        .hasValue("public, max-age=31536000, immutable");
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/css; charset=utf-8");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
  }

  @Test
  void compressesWhereTheClientTakesIt() throws Exception {
    var path = find(STYLE, document());

    var plain = get(path);
    var packed = get(path, "Accept-Encoding", "br, gzip;q=0.5");
    var refused = get(path, "Accept-Encoding", "gzip;q=0");

    assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(packed.body().length).isLessThan(plain.body().length / 2);
    try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
      assertThat(unpacked.readAllBytes()).isEqualTo(plain.body());
    }
    assertThat(refused.headers().firstValue("Content-Encoding")).isEmpty();
  }

  @Test
  void sendsNoBodyForWhatTheClientHas() throws Exception {
    var etag = get("/", "Accept", "text/html").headers().firstValue("ETag").orElseThrow();

    var again = get("/", "Accept", "text/html", "If-None-Match", etag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("Content-Security-Policy")).isPresent();
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    var path = find(STYLE, document());

    var head = send("HEAD", path);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Type")).hasValue("text/css; charset=utf-8");
  }

  @ParameterizedTest
  @CsvSource({
    "/assets/page.css",
    "/assets/page.0000000000000000.css",
    "/assets/../index.html",
    "/assets/%2e%2e/index.html",
    "/assets/index.html"
  })
  void knowsNoOtherName(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | page",
        "text/html | page",
        "application/json, text/html;q=0.5 | card",
        "application/json;q=0.5, text/html | page",
        "text/html;q=0 | card",
        "*/* | card",
        "application/json | card"
      })
  void servesThePageOnlyToThoseWhoWantOne(String accept, String form) throws Exception {
    var body = new String(get("/", "Accept", accept).body(), StandardCharsets.UTF_8);

    assertThat(body.startsWith("<!doctype html>") ? "page" : "card").isEqualTo(form);
  }

  /** CP-49, in part: what a first visit loads, the five requests of the API not counted. */
  @Test
  void staysSmall() throws Exception {
    var paths =
        Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"")
            .matcher(document())
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    var bytes = 0;
    for (var path : paths) {
      bytes += get(path, "Accept-Encoding", "gzip").body().length;
    }

    assertThat(paths).hasSizeLessThanOrEqualTo(14);
    assertThat(bytes).isLessThan(150_000);
  }
}
