package dev.penstock.gateway.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One described route.
 *
 * @param pointer where it stands in the document
 * @param openQuery whether query parameters that are not described are ignored
 */
record Operation(
    String method, Pattern path, String pointer, Set<String> parameters, boolean openQuery) {
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  /** All of a document, paths without parameters first. */
  static List<Operation> all(JsonNode document) {
    var operations = new ArrayList<Operation>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                METHODS.stream()
                    .filter(path.getValue()::has)
                    .forEach(method -> operations.add(of(document, path.getKey(), method))));
    operations.sort(Comparator.comparing(each -> each.path().pattern().contains("[^/]")));
    return operations;
  }

  private static Operation of(JsonNode document, String path, String method) {
    var item = document.get("paths").get(path);
    var rest = item.path("parameters").findValue("x-takes-the-rest") != null;
    var query = new HashSet<String>();
    Stream.of(item, item.get(method))
        .map(each -> each.path("parameters"))
        .forEach(
            list ->
                list.forEach(
                    each -> {
                      var parameter =
                          each.has("$ref")
                              ? document.at(each.get("$ref").asText().substring(1))
                              : each;
                      if (parameter.get("in").asText().equals("query")) {
                        query.add(parameter.get("name").asText());
                      }
                    }));
    return new Operation(
        method.toUpperCase(java.util.Locale.ROOT),
        Pattern.compile(
            path.replace(".", "\\.").replaceAll("\\{[^}]+}", rest ? "[^/].*" : "[^/]+")),
        "/paths/" + path.replace("/", "~1") + "/" + method,
        query,
        item.get(method).path("x-open-query").asBoolean());
  }

  boolean matches(String target) {
    return path.matcher(target).matches();
  }

  Stream<String> unknownParameters(String query) {
    return openQuery || query.isEmpty()
        ? Stream.of()
        : Stream.of(query.split("&"))
            .map(pair -> URLDecoder.decode(pair.split("=")[0], StandardCharsets.UTF_8))
            .filter(name -> !parameters.contains(name))
            .map(name -> "query parameter " + name + " is not described");
  }

  /** Where the answer with that status stands: its own entry, or that of its class. */
  Optional<String> response(JsonNode document, int status) {
    return Stream.of(Integer.toString(status), status / 100 + "XX")
        .map(key -> pointer + "/responses/" + key)
        .filter(place -> !document.at(place).isMissingNode())
        .findFirst()
        .map(
            place -> {
              var reference = document.at(place + "/$ref");
              return reference.isMissingNode() ? place : reference.asText().substring(1);
            });
  }
}
