package dev.penstock.proxy.serving;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.config.StrictMapping;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code upstreams}, {@code models} and {@code aliases} of the configuration file (the form
 * is in docs/configuration.md). What is not known, or names what is not there, stops the service.
 */
public final class ServingFile {
  private static final String UPSTREAMS = "upstreams";

  /** All sections of the file; the others are another service's. */
  public static final Set<String> SECTIONS =
      Set.of(UPSTREAMS, ModelSection.NAME, AliasSection.NAME, "agents", "keys", "tenants");

  private static final int MOST_SLOTS = 10_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final Pattern VERTEX =
      Pattern.compile("/v1[a-z0-9]*/projects/[^/]+/locations/[^/]+/?");

  private final ConfigurationFile file;
  private final Environment environment;

  private ServingFile(ConfigurationFile file, Environment environment) {
    this.file = file;
    this.environment = environment;
  }

  /** Whether the file names upstreams, so that the environment must not. */
  public static boolean namesUpstreams(ConfigurationFile file) {
    return file.has(UPSTREAMS);
  }

  /**
   * Reads the sections.
   *
   * @param environment where keys are looked up
   * @param otherwise the upstreams beside a file that names none
   * @param ollamaSlots of an Ollama whose slots are not given
   * @throws ConfigurationException naming the file and the member that is wrong
   */
  public static Serving read(
      ConfigurationFile file,
      Environment environment,
      Supplier<List<UpstreamConfig>> otherwise,
      int ollamaSlots) {
    var named = namesUpstreams(file);
    var upstreams =
        named ? new ServingFile(file, environment).upstreams(ollamaSlots) : otherwise.get();
    var models = ModelSection.read(file, upstreams);
    return new Serving(named, upstreams, models, AliasSection.read(file, upstreams, models));
  }

  private List<UpstreamConfig> upstreams(int ollamaSlots) {
    var upstreams = file.list(UPSTREAMS, in -> upstream(in, ollamaSlots));
    if (upstreams.isEmpty()) {
      throw file.wrong(UPSTREAMS, "a list of at least one");
    }
    var names = new HashMap<String, Integer>();
    var servers = new HashMap<String, Integer>();
    for (var i = 0; i < upstreams.size(); i++) {
      refuseTwice(names, upstreams.get(i).name(), i, "name", "a name of its own");
      refuseTwice(servers, server(upstreams.get(i).url()), i, "url", "another server");
    }
    return upstreams;
  }

  /** Two addresses of one server are the same here: its slots must not be counted twice. */
  private static String server(URI url) {
    var port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
    var path = url.getPath().replaceAll("/+$", "");
    return url.getHost().toLowerCase(Locale.ROOT) + ":" + port + path;
  }

  private void refuseTwice(
      Map<String, Integer> seen, String value, int index, String member, String what) {
    var first = seen.putIfAbsent(value, index);
    if (first != null) {
      throw file.wrong(
          UPSTREAMS + "[" + index + "]." + member,
          what + ", not that of " + UPSTREAMS + "[" + first + "]");
    }
  }

  private UpstreamConfig upstream(StrictMapping in, int ollamaSlots) {
    var name = in.text("name");
    if (!NAME.matcher(name).matches()) {
      throw in.wrong("name", "letters, digits, dots, dashes and underscores, at most 64");
    }
    var kind = in.word("kind", UpstreamKind.values());
    var url = url(in);
    if (kind == UpstreamKind.VERTEX && !VERTEX.matcher(url.getPath()).matches()) {
      throw in.wrong("url", "an address with /v1/projects/{project}/locations/{location}");
    }
    var slots = in.integer("slots", 1, MOST_SLOTS);
    if (slots == null && kind != UpstreamKind.OLLAMA) {
      throw in.wrong("slots", "given: how many generations the server runs at once");
    }
    var shared = in.flag("shared");
    return new UpstreamConfig(
        name,
        kind,
        url,
        slots == null ? ollamaSlots : slots,
        shared != null && shared,
        apiKey(in, kind),
        identity(in, kind));
  }

  private static URI url(StrictMapping in) {
    try {
      var url = URI.create(in.text("url"));
      var web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web
          && url.getHost() != null
          && url.getUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw in.wrong("url", "an http:// or https:// address without user, query and fragment");
  }

  private static boolean identity(StrictMapping in, UpstreamKind kind) {
    var shown = in.has("auth") && in.word("auth", UpstreamAuth.values()) == UpstreamAuth.IDENTITY;
    if (shown && (kind == UpstreamKind.GEMINI || kind == UpstreamKind.VERTEX)) {
      throw in.wrong("auth", "left out: Google's own APIs take no identity token");
    }
    return shown;
  }

  /** What stands there may be the key itself, so it is never shown. */
  private @Nullable ApiKey apiKey(StrictMapping in, UpstreamKind kind) {
    var variable = in.optionalText("api_key_env");
    if (variable == null) {
      if (kind == UpstreamKind.GEMINI) {
        throw in.wrong("api_key_env", "given: the Gemini API asks for a key");
      }
      return null;
    }
    if (kind == UpstreamKind.OLLAMA) {
      throw in.wrong("api_key_env", "left out: Ollama takes no key");
    }
    if (kind == UpstreamKind.VERTEX) {
      throw in.wrong("api_key_env", "left out: Vertex goes by the machine's identity");
    }
    return environment
        .find(Setting.secret(variable, null, "key of an upstream"))
        .map(value -> new ApiKey(variable, value))
        .orElseThrow(
            () -> in.wrong("api_key_env", "the name of an environment variable that is set"));
  }
}
