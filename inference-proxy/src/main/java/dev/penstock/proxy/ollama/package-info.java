/**
 * How we talk to Ollama: addresses, requests, the NDJSON of its answers, its errors, and the edges
 * that carry them.
 */
package dev.penstock.proxy.ollama;
