package dev.penstock.local.deploy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Our containers as the manifests in {@code deploy/} start them. */
final class Manifests {
  private static final Path ROOT = Path.of("..");
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\w+:([-?])([^}]*)}");

  private Manifests() {}

  /** Services of the compose file, with what {@code .env} leaves at its default. */
  static List<Container> compose() throws IOException {
    var file = ROOT.resolve("deploy/compose/compose.yaml");
    var containers = new ArrayList<Container>();
    for (var service : YAML.readTree(file.toFile()).path("services").properties()) {
      var image = filledIn(service.getValue().path("image").asText());
      if (!image.startsWith(Container.IMAGE)) {
        continue;
      }
      var environment = new TreeMap<>(Container.OF_THE_IMAGE);
      service
          .getValue()
          .path("environment")
          .properties()
          .forEach(each -> environment.put(each.getKey(), filledIn(each.getValue().asText())));
      containers.add(
          new Container(
              "compose.yaml: " + service.getKey(),
              service(image.substring(0, image.indexOf(':'))),
              texts(service.getValue().path("command")),
              environment));
    }
    return containers;
  }

  /** Containers of the Kubernetes base, once with each overlay's config map. */
  static List<Container> kubernetes() throws IOException {
    var containers = new ArrayList<Container>();
    for (var overlay : List.of("hybrid", "gemini-only")) {
      var folder = ROOT.resolve("deploy/gke/kustomize");
      var config = configMap(folder.resolve("overlays").resolve(overlay));
      try (Stream<Path> files = Files.list(folder.resolve("base"))) {
        for (var file : files.sorted().toList()) {
          for (var pod : pods(file)) {
            Stream.of("initContainers", "containers")
                .flatMap(kind -> elements(pod.path(kind)))
                .forEach(each -> containers.add(container(overlay, each, config)));
          }
        }
      }
    }
    return containers;
  }

  /**
   * Containers of every variant for Cloud Run, as {@code checks/manifests/run} has Terraform
   * compute them.
   *
   * @param folder where the proxies' configuration files are put
   */
  static List<Container> cloudRun(Path folder) throws IOException {
    var expected = ROOT.resolve("checks/manifests/expected.json");
    var containers = new ArrayList<Container>();
    for (var variant : new ObjectMapper().readTree(expected.toFile()).properties()) {
      var wired = variant.getValue();
      for (var pool : wired.path("files").properties()) {
        var file = folder.resolve(variant.getKey() + "-" + pool.getKey() + ".yaml");
        Files.writeString(file, pool.getValue().asText());
        var environment = onCloudRun(wired.path("inference_proxy"));
        environment.put("PENSTOCK_CONFIG", file.toString());
        containers.add(variant(variant.getKey(), "inference-proxy", environment));
      }
      var sessions = onCloudRun(wired.path("session_service"));
      sessions.put("DATABASE_URL", Container.DATABASE);
      containers.add(variant(variant.getKey(), "session-service", sessions));
      containers.add(variant(variant.getKey(), "gateway", onCloudRun(wired.path("gateway"))));
    }
    return containers;
  }

  private static Container variant(String name, String service, Map<String, String> environment) {
    return new Container(name + ": " + service, service, List.of(), environment);
  }

  private static Map<String, String> onCloudRun(JsonNode environment) {
    var all = new TreeMap<>(Container.OF_THE_IMAGE);
    environment.properties().forEach(each -> all.put(each.getKey(), each.getValue().asText()));
    all.put("K_SERVICE", "a-service");
    return all;
  }

  private static Map<String, String> configMap(Path overlay) throws IOException {
    var generator =
        YAML.readTree(overlay.resolve("kustomization.yaml").toFile())
            .path("configMapGenerator")
            .path(0);
    var config = new TreeMap<String, String>();
    for (var literal : texts(generator.path("literals"))) {
      var equals = literal.indexOf('=');
      config.put(literal.substring(0, equals), literal.substring(equals + 1));
    }
    for (var file : texts(generator.path("files"))) {
      config.put(file, overlay.resolve(file).toString());
    }
    return config;
  }

  private static List<JsonNode> pods(Path file) throws IOException {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return documents.readAll().stream()
          .map(document -> document.path("spec").path("template").path("spec"))
          .filter(pod -> !pod.isMissingNode())
          .toList();
    }
  }

  private static Container container(String overlay, JsonNode node, Map<String, String> config) {
    var environment = new TreeMap<>(Container.OF_THE_IMAGE);
    elements(node.path("env"))
        .forEach(each -> environment.put(each.path("name").asText(), value(each, config)));
    // The file is mounted from the same config map.
    environment.computeIfPresent(
        "PENSTOCK_CONFIG", (_, path) -> config.get(Path.of(path).getFileName().toString()));
    return new Container(
        overlay + ": " + node.path("name").asText(),
        service(node.path("image").asText()),
        texts(node.path("args")),
        environment);
  }

  private static String value(JsonNode variable, Map<String, String> config) {
    var from = variable.path("valueFrom");
    if (from.has("secretKeyRef")) {
      return Container.DATABASE;
    }
    if (from.has("configMapKeyRef")) {
      var key = from.path("configMapKeyRef").path("key").asText();
      return Objects.requireNonNull(config.get(key), key);
    }
    return variable.path("value").asText();
  }

  private static String filledIn(String text) {
    return VARIABLE
        .matcher(text)
        .replaceAll(found -> found.group(1).equals("-") ? found.group(2) : "chosen");
  }

  private static String service(String image) {
    return image.substring(Container.IMAGE.length());
  }

  private static List<String> texts(JsonNode array) {
    return elements(array).map(JsonNode::asText).toList();
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
