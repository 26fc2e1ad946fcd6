/**
 * Stateless answers: one request, one reader, nothing stored (turns.md T-1, T-37). A dialect brings
 * an encoder; everything else is here.
 */
package dev.penstock.gateway.answer;
