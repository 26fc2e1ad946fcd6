package dev.penstock.kit.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The YAML file that services share: a mapping of sections, each of which belongs to one service
 * and is not looked at by the others. Immutable.
 *
 * <p>What is wrong with it is one line that names the file and the member and never shows a value,
 * since what stands in the wrong place may be a secret.
 */
public final class ConfigurationFile {
  private static final ObjectMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String name;
  private final JsonNode root;

  private ConfigurationFile(String name, JsonNode root) {
    this.name = name;
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @param sections all that may be in it, whoever reads them
   * @throws ConfigurationException if it cannot be read, is not YAML, or has another section
   */
  public static ConfigurationFile read(Path file, Set<String> sections) {
    try (var in = Files.newInputStream(file)) {
      return read(in, file.toString(), sections);
    } catch (IOException e) {
      throw new ConfigurationException("PENSTOCK_CONFIG: " + file + " cannot be read: " + e);
    }
  }

  /**
   * Reads a file that is open already.
   *
   * @param name for messages
   * @param sections all that may be in it, whoever reads them
   * @throws ConfigurationException if it is not YAML, or has another section
   */
  public static ConfigurationFile read(InputStream in, String name, Set<String> sections)
      throws IOException {
    var root = parse(in, name);
    if (!root.isObject()) {
      throw new ConfigurationException(name + " must be a mapping of sections");
    }
    for (var section : root.properties()) {
      if (!sections.contains(section.getKey())) {
        throw new ConfigurationException(name + ": unknown section " + section.getKey());
      }
    }
    return new ConfigurationFile(name, root);
  }

  /** Whether there is such a section, empty or not. */
  public boolean has(String section) {
    return root.has(section);
  }

  /** A section as it is. */
  public Optional<JsonNode> section(String section) {
    return Optional.ofNullable(root.get(section));
  }

  /**
   * A section that is a list of mappings; empty where there is none.
   *
   * @throws ConfigurationException naming the member that is wrong or unknown
   */
  public <T> List<T> list(String section, Function<StrictMapping, T> reader) {
    var node = root.get(section);
    return node == null ? List.of() : StrictMapping.list(place(section), node, reader);
  }

  /**
   * A section that maps names to mappings, in the file's order; empty where there is none.
   *
   * @throws ConfigurationException naming the member that is wrong or unknown
   */
  public <T> Map<String, T> mappings(String section, Function<StrictMapping, T> reader) {
    var values = new LinkedHashMap<String, T>();
    var node = root.get(section);
    if (node == null) {
      return values;
    }
    if (!node.isObject()) {
      throw new ConfigurationException(place(section) + " must be a mapping");
    }
    for (var member : node.properties()) {
      var place = place(section + "." + member.getKey());
      values.put(member.getKey(), StrictMapping.read(place, member.getValue(), reader));
    }
    return values;
  }

  /**
   * A section that maps names to texts, in the file's order; empty where there is none.
   *
   * @throws ConfigurationException naming the member that is none
   */
  public Map<String, String> texts(String section) {
    var node = root.get(section);
    var texts = new LinkedHashMap<String, String>();
    if (node == null) {
      return texts;
    }
    if (!node.isObject()) {
      throw new ConfigurationException(place(section) + " must be a mapping");
    }
    for (var member : node.properties()) {
      if (!member.getValue().isTextual() || member.getValue().textValue().isBlank()) {
        throw wrong(section + "." + member.getKey(), "a text that is not blank");
      }
      texts.put(member.getKey(), member.getValue().textValue());
    }
    return texts;
  }

  /** The one line for a member that is not what it must be. */
  public ConfigurationException wrong(String member, String expected) {
    return new ConfigurationException(place(member) + " must be " + expected);
  }

  private String place(String member) {
    return name + ": " + member;
  }

  private static JsonNode parse(InputStream in, String name) throws IOException {
    try {
      var root = YAML.readTree(in);
      return root == null || root.isMissingNode() || root.isNull() ? YAML.createObjectNode() : root;
    } catch (JsonProcessingException e) {
      // Behind the first line the parser quotes the file.
      var what = e.getOriginalMessage().lines().findFirst().orElse("");
      var at = e.getLocation();
      throw new ConfigurationException(
          name
              + " is not YAML: "
              + (at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ")
              + what);
    }
  }
}
