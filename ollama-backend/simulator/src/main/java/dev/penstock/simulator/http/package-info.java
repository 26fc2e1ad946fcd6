/** Ollama's routes over HTTP/1.1: heads, bodies and refusals as its server sends them. */
package dev.penstock.simulator.http;
