/** A model server that costs next to nothing: Ollama's wire, tokens that tell when they left. */
package dev.penstock.bench.backend;
