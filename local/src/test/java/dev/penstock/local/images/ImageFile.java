package dev.penstock.local.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the last stage of a Dockerfile says about how its image runs. */
record ImageFile(
    List<String> entrypoint, Map<String, String> environment, String user, String folder) {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");

  static ImageFile read(Path dockerfile) throws IOException {
    var entrypoint = new ArrayList<String>();
    var environment = new LinkedHashMap<String, String>();
    var user = "";
    var folder = "";
    for (var line : lastStage(dockerfile)) {
      var space = line.indexOf(' ');
      var rest = line.substring(space + 1);
      switch (line.substring(0, space)) {
        case "ENTRYPOINT" -> WORD.matcher(rest).results().forEach(w -> entrypoint.add(w.group(1)));
        case "ENV" -> {
          for (var pair : rest.strip().split("\\s+")) {
            environment.put(
                pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
          }
        }
        case "USER" -> user = rest;
        case "WORKDIR" -> folder = rest;
        default -> {} // says what is in it, not how it runs
      }
    }
    return new ImageFile(entrypoint, environment, user, folder);
  }

  /** Its instructions, one a line, comments left out. */
  static List<String> lastStage(Path dockerfile) throws IOException {
    var text = Files.readString(dockerfile).replaceAll("(?m)^#.*\n", "").replace("\\\n", " ");
    return text.substring(text.lastIndexOf("\nFROM ") + 1)
        .lines()
        .filter(l -> !l.isBlank())
        .toList();
  }
}
