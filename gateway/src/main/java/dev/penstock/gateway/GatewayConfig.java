package dev.penstock.gateway;

import dev.penstock.gateway.adk.AdkConfig;
import dev.penstock.gateway.agent.AgentFile;
import dev.penstock.gateway.agent.Agents;
import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.authentication.AuthenticationConfig;
import dev.penstock.gateway.authentication.oidc.OidcConfig;
import dev.penstock.gateway.inference.InferenceConfig;
import dev.penstock.gateway.limits.LimitsConfig;
import dev.penstock.gateway.store.StoreConfig;
import dev.penstock.gateway.turns.TurnsConfig;
import dev.penstock.kit.config.Authentication;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Listen;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.identity.IdentityConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one gateway.
 *
 * @param oidc whose tokens are accepted; null for nobody's
 * @param guardLoopback whether anybody who reaches the loopback address may call, and so only
 *     loopback names and our own origin are answered
 * @param frontEnd whether a platform's front end stands before the port, which alone may speak h2c
 *     to it: where strangers connect themselves, h2c would let silent connections stay for ever
 * @param allowedOrigins other origins whose pages may call, as browsers write them
 * @param eventLoops verticle instances, at least 1
 * @param defaultModel the model of requests that name none; null leaves it to the proxies
 */
public record GatewayConfig(
    Listen listen,
    AuthenticationConfig authentication,
    @Nullable OidcConfig oidc,
    boolean guardLoopback,
    boolean frontEnd,
    Set<String> allowedOrigins,
    int eventLoops,
    @Nullable String defaultModel,
    Agents agents,
    StoreConfig store,
    InferenceConfig inference,
    IdentityConfig identity,
    TurnsConfig turns,
    AnswerConfig answers,
    LimitsConfig limits,
    AdkConfig adk) {

  /** The port where none is configured. */
  public static final int DEFAULT_PORT = 8080;

  private static final Setting<Set<String>> ALLOWED_ORIGINS =
      new Setting<>(
          "PENSTOCK_ALLOWED_ORIGINS",
          null,
          "",
          "origins separated by commas whose pages may call this gateway (CORS); none if unset",
          false,
          GatewayConfig::origins);
  private static final Setting<Integer> EVENT_LOOPS =
      Setting.integer(
          "PENSTOCK_GATEWAY_EVENT_LOOPS", 0, 0, 256, "event loops", "0 for one per processor");
  private static final Setting<String> GEMMA_MODEL_NAME =
      Setting.text(
          "GEMMA_MODEL_NAME", null, "model of requests that name none; the proxies' own if unset");
  private static final Setting<Path> CONFIG =
      new Setting<>(
          "PENSTOCK_CONFIG",
          null,
          "",
          "YAML file; its section `agents` replaces the agents that come with the gateway, its"
              + " section `keys` adds API keys, its section `tenants` limits tenants",
          false,
          Path::of);

  /** Most connections to other services that all event loops together may have. */
  long outgoingConnections() {
    var perLoop =
        (long) store.addresses().size()
                * (store.foregroundConnections() + store.logConnections() + 1)
            + (long) inference.proxies().size() * inference.connections();
    return eventLoops * perLoop;
  }

  /** Everything this service reads from its environment. */
  public static List<Setting<?>> settings() {
    return Stream.of(
            Listen.settings(DEFAULT_PORT, Authentication.OF_EDGE),
            AuthenticationConfig.settings(),
            OidcConfig.settings(),
            List.of(ALLOWED_ORIGINS, EVENT_LOOPS, GEMMA_MODEL_NAME, CONFIG),
            StoreConfig.settings(),
            InferenceConfig.settings(),
            IdentityConfig.settings(),
            TurnsConfig.settings(),
            AnswerConfig.settings(),
            LimitsConfig.settings(),
            AdkConfig.settings())
        .<Setting<?>>flatMap(List::stream)
        .toList();
  }

  /**
   * Reads the settings, and the file they name.
   *
   * @param allowUnauthenticated the operator typed {@code --allow-unauthenticated}
   * @throws ConfigurationException naming the setting or member that is wrong
   */
  public static GatewayConfig from(Environment environment, boolean allowUnauthenticated) {
    environment.rejectUnknown();
    var listen =
        Listen.from(environment, DEFAULT_PORT, Authentication.OF_EDGE, allowUnauthenticated);
    var authentication =
        AuthenticationConfig.from(environment, environment.find(CONFIG).orElse(null));
    var eventLoops = environment.get(EVENT_LOOPS);
    var file =
        environment
            .find(CONFIG)
            .map(path -> ConfigurationFile.read(path, AgentFile.SECTIONS))
            .orElse(null);
    return new GatewayConfig(
        listen,
        authentication,
        authentication.checks().contains(Authentication.Check.OIDC)
            ? OidcConfig.from(environment)
            : null,
        listen.loopback() && authentication.open(),
        authentication.byPlatform() || environment.has("K_SERVICE"),
        environment.find(ALLOWED_ORIGINS).orElse(Set.of()),
        eventLoops == 0 ? Runtime.getRuntime().availableProcessors() : eventLoops,
        environment.find(GEMMA_MODEL_NAME).orElse(null),
        environment.find(CONFIG).map(AgentFile::read).orElseGet(AgentFile::shipped),
        StoreConfig.from(environment),
        InferenceConfig.from(environment),
        IdentityConfig.from(environment),
        TurnsConfig.from(environment),
        AnswerConfig.from(environment),
        LimitsConfig.from(environment, file),
        AdkConfig.from(environment));
  }

  private static Set<String> origins(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .map(GatewayConfig::origin)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String origin(String text) {
    try {
      var uri = URI.create(text);
      var plain = uri.getScheme() + "://" + uri.getRawAuthority();
      if (uri.getHost() != null && text.equals(plain) && text.startsWith("http")) {
        return text.toLowerCase(Locale.ROOT);
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw new IllegalArgumentException(
        "origins such as https://app.example.com, without a path, separated by commas");
  }
}
