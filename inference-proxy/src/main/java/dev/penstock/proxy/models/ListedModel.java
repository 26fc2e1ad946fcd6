package dev.penstock.proxy.models;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.penstock.contracts.generation.ServedModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ServedModel} with one member more, for people: callers need not know what is an alias.
 *
 * @param aliasOf the model that answers under this name; null where it is the model's own
 */
record ListedModel(@JsonUnwrapped ServedModel model, @Nullable String aliasOf) {
  /** The body of {@code GET /models}. */
  record Page(List<ListedModel> data) {}
}
