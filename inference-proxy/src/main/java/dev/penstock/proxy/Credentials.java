package dev.penstock.proxy;

import dev.penstock.kit.identity.MachineIdentity;
import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.exchange.MachineCredential;
import dev.penstock.proxy.serving.UpstreamConfig;
import dev.penstock.proxy.serving.UpstreamKind;

/**
 * What each model server wants to see of its callers. Safe from any thread.
 *
 * @param machine whose tokens are shown to servers that ask for one
 */
record Credentials(MachineIdentity machine) {
  private static final String AUTHORIZATION = "Authorization";
  // What Cloud Run's invoker checks where the server behind it has a use for the other one.
  private static final String BESIDE_AUTHORIZATION = "X-Serverless-Authorization";

  Credential of(UpstreamConfig upstream) {
    var key = key(upstream);
    if (upstream.kind() == UpstreamKind.VERTEX) {
      return new MachineCredential(machine.accessToken(), AUTHORIZATION, key);
    }
    return upstream.identity()
        ? new MachineCredential(
            machine.identityToken(upstream.url()),
            upstream.apiKey() == null ? AUTHORIZATION : BESIDE_AUTHORIZATION,
            key)
        : key;
  }

  private static Credential key(UpstreamConfig upstream) {
    var key = upstream.apiKey();
    if (key == null) {
      return Credential.NONE;
    }
    return upstream.kind() == UpstreamKind.GEMINI
        ? Credential.header("x-goog-api-key", key.value())
        : Credential.header(AUTHORIZATION, "Bearer " + key.value());
  }
}
