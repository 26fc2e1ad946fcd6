/** Agents: named personas, read from a file that is checked at start. */
package dev.penstock.gateway.agent;
