package dev.penstock.proxy;

import dev.penstock.kit.trace.Tracing;
import dev.penstock.proxy.trace.GenerationSpans;

/** The spans of a proxy: of its requests, and of what it asks model servers. */
record Traces(Tracing tracing, GenerationSpans spans) {
  static final Traces OFF = new Traces(Tracing.OFF, GenerationSpans.none());
}
