package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a model server tells about a model, as far as it does; null and empty mean "not known".
 *
 * @param capabilities in the enum's order; empty only where the server does not tell
 * @param family such as {@code gemma3}; also the architecture
 * @param parameterSize for people, such as {@code 4.3B}
 * @param quantization such as {@code Q4_K_M}
 * @param trainedContextLength tokens the model was made for; what a generation gets may be less
 * @param embeddingLength length of the model's own vectors
 * @param digest of its files, hex without a prefix
 * @param sizeBytes on disk
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ModelFacts(
    Set<Capability> capabilities,
    @Nullable String family,
    @Nullable String parameterSize,
    @Nullable Long parameterCount,
    @Nullable String quantization,
    @Nullable Integer trainedContextLength,
    @Nullable Integer embeddingLength,
    @Nullable String digest,
    @Nullable Long sizeBytes,
    @Nullable Instant modifiedAt) {

  /** Nothing is known. */
  public static final ModelFacts UNKNOWN = able(Set.of());

  public ModelFacts {
    capabilities = ordered(capabilities);
  }

  /** A model of which only that is known. */
  public static ModelFacts able(Collection<Capability> capabilities) {
    return new ModelFacts(
        ordered(capabilities), null, null, null, null, null, null, null, null, null);
  }

  /** Whether the model is known to be able to. */
  public boolean has(Capability capability) {
    return capabilities.contains(capability);
  }

  /** Whether the model is known not to be able to. */
  public boolean lacks(Capability capability) {
    return !capabilities.isEmpty() && !capabilities.contains(capability);
  }

  /** These facts, with {@code others} filling in what is not known here. */
  public ModelFacts or(ModelFacts others) {
    return new ModelFacts(
        capabilities.isEmpty() ? others.capabilities : capabilities,
        family != null ? family : others.family,
        parameterSize != null ? parameterSize : others.parameterSize,
        parameterCount != null ? parameterCount : others.parameterCount,
        quantization != null ? quantization : others.quantization,
        trainedContextLength != null ? trainedContextLength : others.trainedContextLength,
        embeddingLength != null ? embeddingLength : others.embeddingLength,
        digest != null ? digest : others.digest,
        sizeBytes != null ? sizeBytes : others.sizeBytes,
        modifiedAt != null ? modifiedAt : others.modifiedAt);
  }

  // A later version's capability reads as null.
  private static Set<Capability> ordered(@Nullable Collection<Capability> capabilities) {
    return capabilities == null
        ? EnumSet.noneOf(Capability.class)
        : capabilities.stream()
            .filter(Objects::nonNull)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Capability.class)));
  }
}
