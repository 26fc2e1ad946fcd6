/**
 * The Gemini dialect: text generation as unmodified Google Gen AI clients speak it. Stateless: one
 * reader, nothing stored, a client that leaves cancels (gemini-api.md, turns.md T-1).
 */
package dev.penstock.gateway.gemini;
