/**
 * The Ollama dialect: chat, generate, embeddings and model lists as unmodified Ollama clients speak
 * them. Stateless: one reader, nothing stored, a client that leaves cancels (turns.md T-1).
 */
package dev.penstock.gateway.ollama;
