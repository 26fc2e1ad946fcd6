package dev.penstock.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.access.ApiKey;
import dev.penstock.contracts.access.Pepper;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.edge.RawSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bad credential in every place where a client of some dialect may put one: each dialect's
 * own refusal, which is the same whatever was wrong and says nothing of the credential, and no
 * look-up of a key that was made up (openai-api.md sections 1 and 2, gemini-api.md section 2).
 */
class BadCredentialsTest {
  private static final MadeKey GOOD = MadeKey.of("acme");
  private static final MadeKey OTHER = MadeKey.of("acme");
  private static final MadeKey REVOKED = MadeKey.of("acme").revoked();
  private static final MadeKey EXPIRED = MadeKey.of("acme").expiring(Instant.EPOCH);
  private static final String JWT =
      "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4iLCJhdWQiOiJwZW5zdG9jayJ9.c2lnbmF0dXJl";

  private static GatewayFixture gateway;

  enum Place {
    NATIVE("GET /v1/sessions", Place.BEARER, 401, "\"code\":\"unauthenticated\""),
    OPENAI("GET /v1/responses/resp_x", Place.BEARER, 401, "\"code\":\"invalid_api_key\""),
    OPENAI_POST("POST /v1/chat/completions", Place.BEARER, 401, "\"code\":\"invalid_api_key\""),
    OLLAMA("GET /api/tags", Place.BEARER, 401, "{\"error\":\"Send a valid key or token"),
    ADK("GET /list-apps", Place.BEARER, 401, "{\"detail\":\"Send a valid key or token"),
    GEMINI_BEARER("GET /v1beta/models", Place.BEARER, 401, "\"UNAUTHENTICATED\""),
    GEMINI_HEADER("GET /v1beta/models", "x-goog-api-key: ", 400, "\"API_KEY_INVALID\""),
    GEMINI_QUERY("GET /v1beta/models?key=%s", "", 400, "\"API_KEY_INVALID\""),
    OLLAMA_PATH("GET /k/%s/api/tags", "", 401, "{\"error\":\"Send a valid key or token");

    private static final String BEARER = "Authorization: Bearer ";

    private final String line;
    private final String header;
    private final int status;
    private final String words;

    Place(String line, String header, int status, String words) {
      this.line = line;
      this.header = header;
      this.status = status;
      this.words = words;
    }

    boolean bearer() {
      return header.equals(BEARER);
    }

    RawSocket.Answer show(String credential) {
      return header.isEmpty()
          ? send(URLEncoder.encode(credential, StandardCharsets.UTF_8), "")
          : send("", header + credential + "\r\n");
    }

    RawSocket.Answer send(String inAddress, String headers) {
      return RawSocket.ask(
          gateway.port(),
          line.formatted(inAddress)
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n"
              + headers
              + "\r\n");
    }

    void assertRefused(RawSocket.Answer answer) {
      assertThat(answer.status()).isEqualTo(status);
      assertThat(anonymous(answer)).contains(words).isEqualTo(refusal());
      assertThat(answer.headers().getOrDefault("WWW-Authenticate", ""))
          .isEqualTo(line.contains("/v1beta") ? "" : "Bearer");
    }

    /** What is said of a credential that has not even the form of one. */
    private String refusal() {
      return anonymous(show("nonsense"));
    }
  }

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture(MadeKey.SETTINGS, List.of(GOOD, OTHER, REVOKED, EXPIRED));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  static Stream<Arguments> everywhere() {
    return Stream.of(Place.values())
        .flatMap(
            place ->
                Stream.concat(
                    kept().map(each -> Arguments.of(place, each[0], each[1], false)),
                    madeUp().map(each -> Arguments.of(place, each[0], each[1], true))));
  }

  /** Keys that were really made: only the store can tell what is wrong with them. */
  private static Stream<String[]> kept() {
    return Stream.of(
        new String[] {"revoked", REVOKED.text()},
        new String[] {"expired", EXPIRED.text()},
        new String[] {"of an id that nobody has", MadeKey.of("acme").text()});
  }

  private static Stream<String[]> madeUp() {
    var key = GOOD.key();
    var text = GOOD.text();
    var secretAt = text.indexOf('_', ApiKey.PREFIX.length()) + 1;
    return Stream.of(
        new String[] {"wrong secret", changed(text, secretAt + 7)},
        new String[] {"wrong check", changed(text, text.length() - 1)},
        new String[] {"wrong id", changed(text, ApiKey.PREFIX.length() + 2)},
        new String[] {
          "another key's secret",
          ApiKey.PREFIX + key.id() + "_" + OTHER.key().secret() + OTHER.key().check()
        },
        new String[] {
          "another key's check", ApiKey.PREFIX + key.id() + "_" + key.secret() + OTHER.key().check()
        },
        new String[] {"another key's id", text.replace(key.id(), OTHER.key().id())},
        new String[] {
          "made under another pepper", new Pepper("p".repeat(32)).make(new SecureRandom()).text()
        },
        new String[] {"what is stored of it", GOOD.stored().hash()},
        new String[] {"what is stored of it as a key", ApiKey.PREFIX + GOOD.stored().hash()},
        new String[] {"prefix only", ApiKey.PREFIX},
        new String[] {"prefix and id", text.substring(0, secretAt)},
        new String[] {"without its check", text.substring(0, text.length() - 8)},
        new String[] {"without its last character", text.substring(0, text.length() - 1)},
        new String[] {"one character more", text + "A"},
        new String[] {"twice", text + text},
        new String[] {"twice with a comma", text + ", " + text},
        new String[] {"without its prefix", text.substring(ApiKey.PREFIX.length())},
        new String[] {"in upper case", text.toUpperCase(Locale.ROOT)},
        new String[] {"in lower case", text.toLowerCase(Locale.ROOT)},
        new String[] {"prefix in upper case", "PSK_" + text.substring(4)},
        new String[] {"a blank within", text.substring(0, 30) + " " + text.substring(30)},
        new String[] {"a tab within", text.substring(0, 30) + "\t" + text.substring(30)},
        new String[] {"in quotes", '"' + text + '"'},
        new String[] {"percent-encoded", text.replace("_", "%5F")},
        new String[] {"padded", text + "="},
        new String[] {
          "a letter that is no ASCII", text.substring(0, 40) + "\u00e4" + "A".repeat(27)
        },
        new String[] {"a way to another route", "psk_../../sessions/" + "A".repeat(49)},
        new String[] {"long", ApiKey.PREFIX + "A".repeat(3 * 1024)},
        new String[] {"a token where keys alone are known", JWT},
        new String[] {"somebody else's key", "sk-proj-" + "A".repeat(48)},
        new String[] {"empty", ""});
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("everywhere")
  void isRefusedLikeAnyOther(Place place, String what, String credential, boolean madeUp) {
    var lookups = gateway.store.keyLookups();

    var answer = place.show(credential);

    place.assertRefused(answer);
    if (credential.length() > ApiKey.PREFIX.length()) {
      assertThat(answer.body()).doesNotContain(credential, ApiKey.PREFIX);
      assertThat(answer.headers().toString()).doesNotContain(credential, ApiKey.PREFIX);
    }
    if (madeUp) {
      assertThat(gateway.store.keyLookups()).as("look-ups").isEqualTo(lookups);
    }
  }

  /** A good key among them is as good as none. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OLLAMA_PATH")
  void refusesTwoCredentialsThatDiffer(Place place) {
    var good = GOOD.text();
    for (var bad : List.of(OTHER.text(), changed(good, 30), "nonsense")) {
      for (var pair : List.of(List.of(good, bad), List.of(bad, good))) {
        var answer =
            place.header.isEmpty()
                ? place.send(pair.get(0) + "&key=" + pair.get(1), "")
                : place.send(
                    "", place.header + pair.get(0) + "\r\n" + place.header + pair.get(1) + "\r\n");

        assertThat(answer.status()).as(pair.toString()).isEqualTo(place.status);
        assertThat(answer.body()).contains(place.words).doesNotContain(ApiKey.PREFIX);
      }
    }
  }

  @Test
  void refusesAKeyInThePathBesideAnotherInTheHeader() {
    var answer = Place.OLLAMA_PATH.send(GOOD.text(), Place.BEARER + OTHER.text() + "\r\n");

    Place.OLLAMA_PATH.assertRefused(answer);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_ALL,
      names = "NATIVE|OPENAI|OPENAI_POST|OLLAMA|ADK|GEMINI_BEARER")
  void refusesOtherSchemes(Place place) {
    var basic =
        Base64.getEncoder().encodeToString((GOOD.text() + ":").getBytes(StandardCharsets.US_ASCII));
    for (var value :
        List.of(
            "Basic " + basic,
            "Basic " + GOOD.text(),
            "Token " + GOOD.text(),
            "Key " + GOOD.text(),
            "Bearer",
            "Bearer:" + GOOD.text(),
            "Bearer" + GOOD.text(),
            "Bearer Bearer " + GOOD.text(),
            "Digest username=\"" + GOOD.text() + "\"",
            GOOD.text())) {
      assertThat(place.bearer()).isTrue();
      place.assertRefused(place.send("", "Authorization: " + value + "\r\n"));
    }
  }

  /** RFC 9110 section 11.1: the name of a scheme is in any case. */
  @Test
  void takesAGoodKeyWhateverTheCaseOfTheSchemeAndTheBlanksAround() {
    for (var value : List.of("bearer %s", "BEARER %s", "Bearer   %s", "Bearer %s  ")) {
      var header = "Authorization: " + value.formatted(GOOD.text()) + "\r\n";
      assertThat(Place.NATIVE.send("", header).status()).as(value).isEqualTo(200);
    }
  }

  /** What fits into 8 KiB of headers is read and refused; more, and longer lines, are not read. */
  @ParameterizedTest
  @EnumSource
  void readsNoEndlessCredential(Place place) {
    var long_ = ApiKey.PREFIX + "A".repeat(7 * 1024);
    var lookups = gateway.store.keyLookups();

    if (place.header.isEmpty()) {
      assertThat(place.show(long_).status()).isEqualTo(414);
    } else {
      place.assertRefused(place.show(long_));
      assertThat(place.show(ApiKey.PREFIX + "A".repeat(60 * 1024)).status()).isEqualTo(431);
    }
    assertThat(gateway.store.keyLookups()).isEqualTo(lookups);
  }

  private static String changed(String text, int at) {
    return text.substring(0, at) + (text.charAt(at) == '0' ? '1' : '0') + text.substring(at + 1);
  }

  private static String anonymous(RawSocket.Answer answer) {
    return answer.body().replace(answer.headers().getOrDefault("X-Request-Id", "-"), "-");
  }
}
