package dev.penstock.proxy.serving;

/**
 * How a model server knows its callers; the words of {@code auth} are these names in lower case.
 */
enum UpstreamAuth {
  /** Not at all, or by a key. */
  NONE,
  /** By an identity token, as Cloud Run's invoker does. */
  IDENTITY
}
