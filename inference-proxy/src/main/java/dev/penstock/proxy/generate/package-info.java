/**
 * How we talk to a plain vLLM {@code POST /generate}: the prompt as one text in the model's own
 * template, the answer as one document, and the edges that carry them.
 */
package dev.penstock.proxy.generate;
