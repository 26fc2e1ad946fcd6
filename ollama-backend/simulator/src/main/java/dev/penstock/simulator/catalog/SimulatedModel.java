package dev.penstock.simulator.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * An installed model.
 *
 * @param name with its tag, as {@code /api/tags} shows it
 * @param sizeBytes on disk
 * @param digest 64 hex digits
 * @param contextLength tokens it was trained for
 */
public record SimulatedModel(
    String name,
    String family,
    PromptTemplate template,
    String parameterSize,
    long parameterCount,
    String quantization,
    long sizeBytes,
    String digest,
    Instant modifiedAt,
    int contextLength,
    int embeddingLength,
    List<String> capabilities) {

  private static final Instant MODIFIED = Instant.parse("2026-02-01T08:00:00.000000001Z");

  /**
   * The model of that name. Names with {@code embed} make embeddings and nothing else; those of
   * Gemma 4 start over, think and call tools; all others continue. Sizes are those of the library
   * where the tag tells one.
   */
  public static SimulatedModel named(String name) {
    var full = name.contains(":") ? name : name + ":latest";
    var lower = full.toLowerCase(Locale.ROOT);
    var embeds = lower.contains("embed");
    var size = embeds ? Size.EMBED : Size.ofTag(lower.substring(lower.indexOf(':') + 1));
    var gemma4 = lower.startsWith("gemma4");
    return new SimulatedModel(
        full,
        gemma4 ? "gemma4" : "gemma3",
        gemma4 ? PromptTemplate.GEMMA4 : PromptTemplate.GEMMA3,
        size.label,
        size.parameters,
        "Q4_K_M",
        size.bytes,
        digest(lower),
        MODIFIED,
        size.context,
        size.embedding,
        embeds ? List.of("embedding") : capabilities(gemma4, size));
  }

  /** Whether it thinks before it answers unless told not to. */
  public boolean thinks() {
    return can("thinking");
  }

  /** Whether it has a capability of that name. */
  public boolean can(String capability) {
    return capabilities.contains(capability);
  }

  /** Generations it runs at once where the server allows {@code most} (ollama-api.md 12). */
  public int slots(int most) {
    return can("completion") ? most : 1;
  }

  /** The name with registry and namespace, as some refusals show it. */
  public String qualifiedName() {
    return "registry.ollama.ai/library/" + name;
  }

  private static List<String> capabilities(boolean gemma4, Size size) {
    if (gemma4) {
      return List.of("completion", "vision", "audio", "tools", "thinking");
    }
    return size.seesImages ? List.of("completion", "vision") : List.of("completion");
  }

  private static String digest(String name) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Figures of the library's tags (ollama-api.md section 15). */
  private enum Size {
    M270("268.10M", 268_098_176L, 291_554_930L, 32_768, 640, false),
    B1("999.89M", 999_885_952L, 815_319_791L, 32_768, 1152, false),
    B4("4.3B", 4_299_915_632L, 3_338_801_804L, 131_072, 2560, true),
    EMBED("307.58M", 307_581_696L, 621_875_917L, 2_048, 768, false),
    E2("5.1B", 5_123_178_051L, 7_162_394_016L, 131_072, 1536, true);

    private final String label;
    private final long parameters;
    private final long bytes;
    private final int context;
    private final int embedding;
    private final boolean seesImages;

    Size(
        String label, long parameters, long bytes, int context, int embedding, boolean seesImages) {
      this.label = label;
      this.parameters = parameters;
      this.bytes = bytes;
      this.context = context;
      this.embedding = embedding;
      this.seesImages = seesImages;
    }

    static Size ofTag(String tag) {
      if (tag.startsWith("270m")) {
        return M270;
      }
      if (tag.startsWith("1b")) {
        return B1;
      }
      return tag.startsWith("e") ? E2 : B4;
    }
  }
}
