/**
 * Stored turns on this instance: those it owns and generates, those it follows through the token
 * log, and the readers of both (turns.md).
 */
package dev.penstock.gateway.turns;
