/**
 * ADK's API server on stored turns: sessions with state, runs, its web page and what that asks for.
 */
package dev.penstock.gateway.adk;
