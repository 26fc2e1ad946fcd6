/**
 * The OpenAI dialect: chat completions as unmodified OpenAI clients speak them. Stateless: one
 * reader, nothing stored, a client that leaves cancels (turns.md T-1).
 */
package dev.penstock.gateway.openai;
