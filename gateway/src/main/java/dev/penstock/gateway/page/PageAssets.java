package dev.penstock.gateway.page;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page's files, read once from the class path, named by their content and compressed in memory.
 * Immutable, so that one instance serves every event loop of the process.
 *
 * <p>The document is also the list of what it needs: each {@code /assets/…} it names is the
 * resource {@code /page/…}, a module of ours together with those it imports ({@link ModuleBundle}).
 * Libraries are imported by relative paths; an import map made here leads those to the names with a
 * hash, so that their files are served as they were published.
 */
public final class PageAssets {
  private static final Pattern REFERENCE = Pattern.compile("/assets/([\\w./-]+)\\.(js|css)");
  private static final String MODULES = "modules/";
  private static final String IMPORT_MAP = "<script type=\"importmap\"></script>";

  private final Map<String, Asset> byPath;
  private final Asset document;
  private final String policy;

  private PageAssets(Map<String, Asset> byPath, Asset document, String policy) {
    this.byPath = byPath;
    this.document = document;
    this.policy = policy;
  }

  /**
   * Reads and compresses everything; takes tens of milliseconds and blocks.
   *
   * @throws IllegalStateException if the document names a file that the class path does not hold
   */
  public static PageAssets load() {
    var template = text("index.html");
    if (!template.contains(IMPORT_MAP)) {
      throw new IllegalStateException("the page's document has no place for the import map");
    }
    var byPath = new LinkedHashMap<String, Asset>();
    var hashed = new LinkedHashMap<String, String>();
    REFERENCE
        .matcher(template)
        .results()
        .forEach(
            reference -> {
              var asset = read(reference.group(1), reference.group(2));
              var path =
                  "/assets/%s.%s.%s"
                      .formatted(reference.group(1), asset.hash(), reference.group(2));
              byPath.put(path, asset);
              hashed.put(reference.group(), path);
            });
    var imports = importMap(hashed);
    var document =
        REFERENCE
            .matcher(template)
            .replaceAll(reference -> hashed.get(reference.group()))
            .replace(IMPORT_MAP, "<script type=\"importmap\">" + imports + "</script>");
    return new PageAssets(
        Map.copyOf(byPath),
        Asset.of("text/html; charset=utf-8", document),
        ContentSecurityPolicy.allowing(imports));
  }

  /** The document served at {@code /}. */
  Asset document() {
    return document;
  }

  /** The value of {@code Content-Security-Policy} that {@link #document()} was made for. */
  String policy() {
    return policy;
  }

  /** The file with that whole path; null if there is none, an outdated hash included. */
  @Nullable Asset find(String path) {
    return byPath.get(path);
  }

  private static String importMap(Map<String, String> hashed) {
    var imports = new JsonObject();
    hashed.forEach(
        (written, served) -> {
          if (written.endsWith(".js")) {
            imports.put(written, served);
          }
        });
    return new JsonObject().put("imports", imports).encode();
  }

  private static Asset read(String name, String suffix) {
    var mediaType = suffix.equals("js") ? "text/javascript" : "text/css";
    var file = name + "." + suffix;
    return Asset.of(
        mediaType + "; charset=utf-8",
        file.startsWith(MODULES)
            ? ModuleBundle.of(file.substring(MODULES.length()), module -> text(MODULES + module))
            : text(file));
  }

  private static String text(String name) {
    return new String(resource(name), StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) {
    try (var in = PageAssets.class.getResourceAsStream("/page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the page's file " + name + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the page's file " + name + " cannot be read", e);
    }
  }
}
