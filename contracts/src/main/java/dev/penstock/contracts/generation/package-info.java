/**
 * What a gateway asks of an inference-proxy and what comes back: the request, the events of its
 * answer in order, and their form on the wire of {@code POST /generations}.
 */
package dev.penstock.contracts.generation;
