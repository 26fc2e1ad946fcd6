/** An honest stand-in for Ollama: its API, its timing and its failures, without a model. */
package dev.penstock.simulator;
