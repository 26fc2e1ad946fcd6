package dev.penstock.simulator.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask, by {@code Origin} and {@code Host} (ollama-api.md section 2). Pure.
 *
 * @param loopback the server listens on loopback, where Ollama also looks at the host's name
 */
record AccessCheck(boolean loopback) {
  private static final Set<String> LOCAL_HOSTS = Set.of("localhost", "127.0.0.1", "0.0.0.0");
  private static final Set<String> LOCAL_SCHEMES =
      Set.of("app", "file", "tauri", "vscode-webview", "vscode-file");
  private static final List<String> LOCAL_DOMAINS = List.of(".localhost", ".local", ".internal");
  private static final Pattern PRIVATE_IPV4 =
      Pattern.compile(
          "0\\.0\\.0\\.0|127\\.[\\d.]+|10\\.[\\d.]+|192\\.168\\.[\\d.]+|172\\.(1[6-9]|2\\d|3[01])\\.[\\d.]+");
  private static final Pattern LOCAL_IPV6 = Pattern.compile("::1?|f[cd][0-9a-f]{2}:.*");

  /**
   * Whether requests from pages of that origin are served.
   *
   * @param host the request's own authority: its pages are not foreign
   */
  boolean allowsOrigin(@Nullable String origin, @Nullable String host) {
    if (origin == null
        || origin.isEmpty()
        || origin.equals("http://" + host)
        || origin.equals("https://" + host)) {
      return true;
    }
    var end = origin.indexOf("://");
    if (end < 0) {
      return false;
    }
    var scheme = origin.substring(0, end);
    var name = origin.substring(end + 3).replaceFirst(":\\d+$", "");
    return LOCAL_SCHEMES.contains(scheme)
        || ((scheme.equals("http") || scheme.equals("https")) && LOCAL_HOSTS.contains(name));
  }

  /** Whether the server goes by that name; {@code host} is without a port. */
  boolean allowsHost(@Nullable String host) {
    if (!loopback || host == null || host.isEmpty()) {
      return true;
    }
    var name = host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
    return name.equals("localhost")
        || PRIVATE_IPV4.matcher(name).matches()
        || LOCAL_IPV6.matcher(name).matches()
        || LOCAL_DOMAINS.stream().anyMatch(name::endsWith);
  }
}
