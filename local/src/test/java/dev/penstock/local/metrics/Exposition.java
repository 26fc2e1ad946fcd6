package dev.penstock.local.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A metrics page and what is wrong with it, by the rules of {@code promtool check metrics} and a
 * few more: each family once, with help and type; base units; {@code _total} on counters alone; no
 * series twice; buckets that never fall.
 */
final class Exposition {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*})? (\\S+)");
  private static final Pattern OTHER_UNITS =
      Pattern.compile(
          "_(milliseconds|millis|ms|microseconds|nanoseconds|minutes|hours|kilobytes|megabytes"
              + "|bits|percent)(_|$)");
  private static final List<String> SUFFIXES =
      List.of("_bucket", "_sum", "_count", "_max", "_created");

  private final Map<String, String> types = new HashMap<>();
  private final Set<String> helped = new HashSet<>();
  private final Set<String> series = new LinkedHashSet<>();
  private final List<String> faults = new ArrayList<>();

  private Exposition() {}

  static Exposition of(String page) {
    var read = new Exposition();
    page.lines().forEach(read::line);
    return read;
  }

  /** What is wrong; empty where nothing is. */
  List<String> faults() {
    return faults;
  }

  /** How many series there are. */
  int size() {
    return series.size();
  }

  /** Names of families. */
  Set<String> families() {
    return types.keySet();
  }

  private void line(String line) {
    if (line.startsWith("# HELP ")) {
      help(line.split(" ", 4));
    } else if (line.startsWith("# TYPE ")) {
      type(line.split(" ", 4));
    } else if (!line.startsWith("#") && !line.isEmpty()) {
      sample(line);
    }
  }

  private void help(String[] words) {
    if (words.length < 4 || words[3].isBlank()) {
      faults.add(words[2] + " has an empty help");
    }
    if (!helped.add(words[2])) {
      faults.add(words[2] + " has two helps");
    }
  }

  private void type(String[] words) {
    var name = words[2];
    if (types.put(name, words[3]) != null) {
      faults.add(name + " has two types");
    }
    if (!helped.contains(name)) {
      faults.add(name + " has no help");
    }
    if (name.endsWith("_total") != words[3].equals("counter")) {
      faults.add(name + " must end with _total if, and only if, it is a counter");
    }
    if (OTHER_UNITS.matcher(name).find()) {
      faults.add(name + " is in no base unit");
    }
  }

  private void sample(String line) {
    var matcher = SAMPLE.matcher(line);
    if (!matcher.matches()) {
      faults.add("not a sample: " + line);
      return;
    }
    if (!types.containsKey(family(matcher.group(1)))) {
      faults.add(matcher.group(1) + " has no type");
    }
    if (!series.add(line.substring(0, line.lastIndexOf(' ')))) {
      faults.add("twice: " + line);
    }
  }

  private String family(String name) {
    if (types.containsKey(name)) {
      return name;
    }
    for (var suffix : SUFFIXES) {
      if (name.endsWith(suffix)) {
        return name.substring(0, name.length() - suffix.length());
      }
    }
    return name;
  }
}
