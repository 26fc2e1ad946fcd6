/** Ollama's wire form: its requests, frames, errors and Go's ways with JSON and time. Pure. */
package dev.penstock.simulator.wire;
