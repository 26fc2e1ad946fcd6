/**
 * The OpenAI dialect as unmodified clients speak it. A response is a stored turn unless it is not
 * to be kept; all else is stateless: one reader, nothing stored, a client that leaves cancels
 * (T-1).
 */
package dev.penstock.gateway.openai;
