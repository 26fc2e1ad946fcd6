package dev.penstock.kit.config;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may check the callers of a service, as its {@code AUTHENTICATION} says. Either the platform
 * does it alone, or the service itself in one or more ways.
 */
public enum Authentication {
  /** Of a service that the public calls. */
  OF_EDGE(
      "`platform` where an identity check stands in front (Cloud Run's invoker, a mesh), or this"
          + " gateway itself by `keys`, `oidc` or both, separated by a comma",
      "AUTHENTICATION=keys or AUTHENTICATION=oidc to have this service check its callers,"
          + " AUTHENTICATION=platform if an identity check stands in front",
      Check.KEYS,
      Check.OIDC),
  /** Of what checks nobody itself. */
  OF_NONE(
      "`platform` where an identity check stands in front (Cloud Run's invoker, a mesh)",
      "AUTHENTICATION=platform if an identity check stands in front"),
  /** Of a service that only other services call. */
  OF_SERVICE(
      "`platform` where an identity check stands in front (Cloud Run's invoker, a mesh), or"
          + " `identity` where this service verifies its callers' identity tokens itself",
      "AUTHENTICATION=platform if an identity check stands in front,"
          + " AUTHENTICATION=identity to have this service check its callers' identity tokens",
      Check.IDENTITY);

  /** One way to check callers. */
  public enum Check {
    PLATFORM,
    KEYS,
    OIDC,
    IDENTITY;

    /** As it is written in the setting. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String NAME = "AUTHENTICATION";

  private final String meaning;
  private final String advice;

  @SuppressWarnings("ImmutableEnumChecker") // it is, by List.of
  private final List<Check> own;

  Authentication(String meaning, String advice, Check... own) {
    this.meaning = meaning;
    this.advice = advice;
    this.own = List.of(own);
  }

  /** The setting. */
  Setting<Set<Check>> setting() {
    return new Setting<>(
        NAME,
        null,
        "",
        "who checks callers: " + meaning + "; required to listen beyond loopback",
        false,
        this::parse);
  }

  /**
   * Who checks callers of this service; empty where nobody does.
   *
   * @throws ConfigurationException if the service has no such check
   */
  public Set<Check> of(Environment environment) {
    return environment.find(setting()).orElse(Set.of());
  }

  /** What to set, as part of a sentence. */
  String advice() {
    return advice;
  }

  private Set<Check> parse(String text) {
    if (text.strip().equals(Check.PLATFORM.word())) {
      return Set.of(Check.PLATFORM);
    }
    var checks = EnumSet.noneOf(Check.class);
    for (var word : text.split(",", -1)) {
      checks.add(check(word.strip()));
    }
    return Collections.unmodifiableSet(checks);
  }

  private Check check(String word) {
    return own.stream()
        .filter(check -> check.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(expected()));
  }

  private String expected() {
    if (own.isEmpty()) {
      return Check.PLATFORM.word();
    }
    var words = own.stream().map(Check::word).collect(joining(" or "));
    return "platform, or " + words + (own.size() > 1 ? " or both separated by a comma" : "");
  }
}
