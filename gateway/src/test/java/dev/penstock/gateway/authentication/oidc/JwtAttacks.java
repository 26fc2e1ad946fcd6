package dev.penstock.gateway.authentication.oidc;

import static dev.penstock.gateway.authentication.oidc.TestIssuer.header;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Tokens that are none, by name. Each differs from a good one in what its name says. */
final class JwtAttacks {
  private static final String ES256 = "SHA256withECDSAinP1363Format";

  private final Map<String, String> rows = new LinkedHashMap<>();
  private final TestIssuer issuer;
  private final KeyPair foreign = TestIssuer.generate("RSA", 2048);
  private final long now = Instant.now().getEpochSecond();

  private JwtAttacks(TestIssuer issuer) {
    this.issuer = issuer;
  }

  static Map<String, String> on(TestIssuer issuer) {
    var attacks = new JwtAttacks(issuer);
    attacks.algorithms();
    attacks.signatures();
    attacks.keys();
    attacks.headers();
    attacks.claims();
    attacks.times();
    attacks.forms();
    return attacks.rows;
  }

  private void algorithms() {
    for (var none : List.of("none", "None", "NONE", "nOnE", "")) {
      rows.put(
          "alg \"" + none + "\" with a signature",
          Jws.signed(header("RS256").put("alg", none), issuer.claims(), rsa()));
    }
    var unsigned =
        Jws.signed(header("RS256").put("alg", "none"), issuer.claims(), _ -> new byte[0]);
    rows.put("alg none without a signature", unsigned);
    rows.put("alg none and two parts", unsigned.substring(0, unsigned.length() - 1));
    badHeader("alg missing", header -> header.remove("alg"));
    badHeader("alg a number", header -> header.put("alg", 256));
    badHeader("alg a list", header -> header.put("alg", new JsonArray().add("RS256")));
    badHeader("alg in small letters", header -> header.put("alg", "rs256"));
    var encoded = issuer.rsa.getPublic().getEncoded();
    var pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
            + "\n-----END PUBLIC KEY-----\n";
    badSignature("HS256 with the public key as secret", "HS256", Jws.with(encoded));
    badSignature(
        "HS256 with the public key's PEM as secret",
        "HS256",
        Jws.with(pem.getBytes(StandardCharsets.US_ASCII)));
    rows.put(
        "HS256 with a shared secret of the issuer's own document",
        Jws.signed(
            header("HS256").put("kid", "secret-1"),
            issuer.claims(),
            Jws.with("shared-secret-of-thirty-two-bytes".getBytes(StandardCharsets.US_ASCII))));
    badSignature("HS256 with an empty-looking secret", "HS256", Jws.with(new byte[32]));
    badSignature("RS384", "RS384", Jws.with("SHA384withRSA", issuer.rsa.getPrivate()));
    badSignature("RS512", "RS512", Jws.with("SHA512withRSA", issuer.rsa.getPrivate()));
    badSignature("an RSA signature called PS256", "PS256", rsa());
    rows.put(
        "ES256 called RS256",
        Jws.signed(
            header("RS256").put("kid", "ec-1"),
            issuer.claims(),
            Jws.with(ES256, issuer.ec.getPrivate())));
    rows.put(
        "RS256 called ES256",
        Jws.signed(header("ES256").put("kid", "rsa-1"), issuer.claims(), rsa()));
    rows.put(
        "ES256 in ASN.1",
        Jws.signed(
            header("ES256"), issuer.claims(), Jws.with("SHA256withECDSA", issuer.ec.getPrivate())));
  }

  private void signatures() {
    badSignature("another issuer's key", "RS256", Jws.with("SHA256withRSA", foreign.getPrivate()));
    badSignature("a signature of nothing", "RS256", _ -> new byte[256]);
    badSignature("a signature of one byte", "RS256", _ -> new byte[1]);
    rows.put(
        "an ES256 signature of zeros (CVE-2022-21449)",
        Jws.signed(header("ES256"), issuer.claims(), _ -> new byte[64]));
    rows.put(
        "an EdDSA signature of zeros",
        Jws.signed(header("EdDSA"), issuer.claims(), _ -> new byte[64]));
    rows.put(
        "an EdDSA signature of another length",
        Jws.signed(header("EdDSA"), issuer.claims(), _ -> new byte[63]));
    var good = issuer.token(issuer.claims());
    var parts = good.split("\\.");
    rows.put(
        "claims changed after signing",
        parts[0] + "." + Jws.part(issuer.claims().put("sub", "bob").encode()) + "." + parts[2]);
    rows.put(
        "header changed after signing",
        Jws.part(header("RS256").put("typ", "at+jwt").encode()) + "." + parts[1] + "." + parts[2]);
    rows.put("the signature cut by half", good.substring(0, good.length() - 171));
  }

  private void keys() {
    badHeader("no kid", header -> header.remove("kid"));
    badHeader("an unknown kid", header -> header.put("kid", "rsa-2"));
    badHeader("kid of an encryption key", header -> header.put("kid", "enc-1"));
    badHeader("kid of a key that is too short", header -> header.put("kid", "short-1"));
    badHeader("kid a path", header -> header.put("kid", "../../../../dev/null"));
    badHeader("kid an injection", header -> header.put("kid", "rsa-1' OR '1'='1"));
    badHeader("kid a number", header -> header.put("kid", 1));
    var jwk =
        new com.nimbusds.jose.jwk.RSAKey.Builder(
                (java.security.interfaces.RSAPublicKey) foreign.getPublic())
            .keyID("rsa-1")
            .build();
    var foreignSigner = Jws.with("SHA256withRSA", foreign.getPrivate());
    rows.put(
        "an embedded jwk",
        Jws.signed(
            header("RS256").put("jwk", new JsonObject(jwk.toJSONString())),
            issuer.claims(),
            foreignSigner));
    badHeader(
        "an embedded jwk beside a good signature",
        header -> header.put("jwk", new JsonObject(jwk.toJSONString())));
    badHeader("jku", header -> header.put("jku", "https://keys.example.com/jwks.json"));
    badHeader("jku of the issuer itself", header -> header.put("jku", issuer.name() + "/keys"));
    badHeader("x5u", header -> header.put("x5u", "https://keys.example.com/chain.pem"));
    badHeader("x5c", header -> header.put("x5c", new JsonArray().add("MIIB")));
  }

  private void headers() {
    badHeader("crit", header -> header.put("crit", new JsonArray().add("exp")));
    badHeader(
        "crit with what it names",
        header -> header.put("crit", new JsonArray().add("b64")).put("b64", true));
    badHeader("an empty crit", header -> header.put("crit", new JsonArray()));
    badHeader("b64 false", header -> header.put("b64", false));
    badHeader("zip", header -> header.put("zip", "DEF"));
    badHeader("cty JWT", header -> header.put("cty", "JWT"));
    badHeader("a logout token", header -> header.put("typ", "logout+jwt"));
    badHeader("a DPoP proof", header -> header.put("typ", "dpop+jwt"));
    badHeader("typ JWE", header -> header.put("typ", "JWE"));
    rows.put(
        "alg twice",
        Jws.signed(
            "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"rsa-1\"}",
            issuer.claims().encode(),
            rsa()));
  }

  private void claims() {
    badClaim("no issuer", claims -> claims.remove("iss"));
    badClaim("another issuer", claims -> claims.put("iss", "https://login.example.com"));
    badClaim("the issuer with a slash", claims -> claims.put("iss", issuer.name() + "/"));
    badClaim(
        "the issuer in capitals",
        claims -> claims.put("iss", issuer.name().toString().toUpperCase(java.util.Locale.ROOT)));
    badClaim(
        "the issuer in a list",
        claims -> claims.put("iss", new JsonArray().add(issuer.name().toString())));
    badClaim("no audience", claims -> claims.remove("aud"));
    badClaim("another audience", claims -> claims.put("aud", "https://other.example.com"));
    badClaim("other audiences", claims -> claims.put("aud", new JsonArray().add("a").add("b")));
    badClaim(
        "an audience that begins as ours",
        claims -> claims.put("aud", TestIssuer.AUDIENCE + ".evil.example"));
    badClaim("an audience with a blank", claims -> claims.put("aud", TestIssuer.AUDIENCE + " "));
    badClaim("no subject", claims -> claims.remove("sub"));
    badClaim("a blank subject", claims -> claims.put("sub", "  "));
    badClaim("a subject that is a number", claims -> claims.put("sub", 1));
    badClaim(
        "a subject with a line feed", claims -> claims.put("sub", "ann\r\nPenstock-Tenant: acme"));
    badClaim("a subject of 129 characters", claims -> claims.put("sub", "a".repeat(129)));
    rows.put(
        "subject twice",
        Jws.signed(
            header("RS256").encode(),
            issuer.claims().encode().replace("\"sub\":\"ann\"", "\"sub\":\"bob\",\"sub\":\"ann\""),
            rsa()));
  }

  private void times() {
    badClaim("no expiry", claims -> claims.remove("exp"));
    badClaim("expired beyond the leeway", claims -> claims.put("exp", now - 61));
    badClaim("expired long ago", claims -> claims.put("exp", 1));
    badClaim("expiry a text", claims -> claims.put("exp", Long.toString(now + 300)));
    badClaim("expiry null", claims -> claims.putNull("exp"));
    badClaim("expiry negative", claims -> claims.put("exp", -1));
    badClaim("expiry beyond every calendar", claims -> claims.put("exp", Long.MAX_VALUE));
    badClaim("not before in two minutes", claims -> claims.put("nbf", now + 120));
    badClaim("not before a text", claims -> claims.put("nbf", "now"));
    badClaim("issued in two minutes", claims -> claims.put("iat", now + 120));
  }

  private void forms() {
    var good = issuer.token(issuer.claims());
    badClaim("huge", claims -> claims.put("more", "x".repeat(8 * 1024)));
    rows.put("four parts", good + ".e30");
    rows.put(
        "five parts, as encrypted tokens have",
        Jws.part("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"rsa-1\"}") + "..aaaa.bbbb.cccc");
    rows.put("a token in a token", Jws.signed(header("RS256").encode(), good, rsa()));
    rows.put("claims that are a list", Jws.signed(header("RS256").encode(), "[]", rsa()));
    rows.put("claims that are no JSON", Jws.signed(header("RS256").encode(), "ann", rsa()));
    rows.put("empty claims", Jws.signed(header("RS256").encode(), "{}", rsa()));
    rows.put("a header that is no JSON", Jws.signed("RS256", issuer.claims().encode(), rsa()));
    rows.put("a header of nothing but depth", Jws.signed("[".repeat(4000), "{}", rsa()));
    rows.put(
        "claims of nothing but depth",
        Jws.signed(header("RS256").encode(), "{\"a\":".repeat(900), rsa()));
    rows.put("padded parts", good.replace(".", "=."));
    rows.put("plain base64", good.substring(0, good.length() - 2) + "+/");
    rows.put(
        "a character that is no base64 inside", good.substring(0, 5) + "!" + good.substring(5));
    rows.put("three dots", "...");
    rows.put("three words", "a.b.c");
  }

  private void badHeader(String name, Consumer<JsonObject> change) {
    var header = header("RS256");
    change.accept(header);
    rows.put(name, Jws.signed(header, issuer.claims(), rsa()));
  }

  private void badClaim(String name, Consumer<JsonObject> change) {
    var claims = issuer.claims();
    change.accept(claims);
    rows.put(name, issuer.token(claims));
  }

  private void badSignature(String name, String algorithm, UnaryOperator<byte[]> signer) {
    rows.put(name, Jws.signed(header(algorithm), issuer.claims(), signer));
  }

  private UnaryOperator<byte[]> rsa() {
    return Jws.with("SHA256withRSA", issuer.rsa.getPrivate());
  }
}
