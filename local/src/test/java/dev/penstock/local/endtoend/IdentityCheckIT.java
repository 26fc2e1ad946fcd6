package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Session-service and proxy where no platform checks who calls them. */
class IdentityCheckIT {
  private static final String REALM = "machines";
  private static final String GATEWAY = "1077";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final Map<URI, FrontEnd> USED = new ConcurrentHashMap<>();
  private static final Map<FrontEnd, URI> TARGETS = new ConcurrentHashMap<>();
  private static List<FrontEnd> doors;
  private static MockOAuth2Server issuer;
  private static MetadataStandIn metadata;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    issuer = new MockOAuth2Server();
    issuer.start();
    metadata =
        new MetadataStandIn(audience -> issuer.issueToken(REALM, GATEWAY, audience).serialize());
    doors = Stream.generate(IdentityCheckIT::door).limit(3).toList();
    cluster =
        Cluster.start(
            Cluster.Shape.ONE_OF_EACH
                .withGateways(
                    Map.of(
                        "PENSTOCK_SERVICE_IDENTITY",
                        "google",
                        "GCE_METADATA_HOST",
                        metadata.host()))
                .withServices(
                    Map.of(
                        "AUTHENTICATION",
                        "identity",
                        "PENSTOCK_IDENTITY_ISSUER",
                        issuer.issuerUrl(REALM).toString(),
                        "PENSTOCK_AUDIENCE",
                        doors.stream().map(IdentityCheckIT::root).collect(Collectors.joining(",")),
                        "PENSTOCK_CALLERS",
                        GATEWAY))
                .behind(IdentityCheckIT::before));
  }

  @AfterAll
  static void stop() {
    cluster.close();
    doors.forEach(FrontEnd::close);
    metadata.close();
    issuer.shutdown();
  }

  @Test
  void letsTheGatewayInAndNobodyElse() throws Exception {
    var session = cluster.client(0).newSession();
    var stream = cluster.client(0).turn(session, ask(60));
    var completed = EventStream.data(stream.untilEnd());
    assertThat(completed.get("sha256").asText()).isEqualTo(Texts.sha256(stream.text()));

    for (var door : services()) {
      var address = root(door);
      for (var path : List.of("/sessions", "/models", "/turns", "/log/poll", "/generations")) {
        assertThat(call(address + path, null)).as(path).isEqualTo(401);
        assertThat(call(address + path, token("1078", address))).as(path).isEqualTo(403);
        assertThat(call(address + path, token(GATEWAY, "https://other.example.com")))
            .as(path)
            .isEqualTo(401);
      }
      assertThat(call(address + "/health", null)).isEqualTo(200);
      assertThat(call(address + "/livez", null)).isEqualTo(200);
    }
  }

  private static List<FrontEnd> services() {
    return doors.stream()
        .filter(TARGETS::containsKey)
        .filter(door -> !cluster.simulator(0).equals(TARGETS.get(door)))
        .toList();
  }

  private static String token(String subject, String audience) {
    return issuer.issueToken(REALM, subject, audience).serialize();
  }

  private static int call(String address, @Nullable String token) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(address));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static FrontEnd door() {
    var made = new FrontEnd[1];
    made[0] = new FrontEnd(() -> Stream.ofNullable(TARGETS.get(made[0])).toList());
    return made[0];
  }

  /** A door whose address was known before the service's. */
  private static URI before(URI service) {
    var door =
        USED.computeIfAbsent(
            service,
            _ ->
                doors.stream()
                    .filter(each -> !TARGETS.containsKey(each))
                    .findFirst()
                    .orElseThrow());
    TARGETS.put(door, service);
    return URI.create(root(door));
  }

  private static String root(FrontEnd door) {
    return door.address().replaceAll("/$", "");
  }
}
