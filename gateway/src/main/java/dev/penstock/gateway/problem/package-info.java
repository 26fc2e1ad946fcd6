/** Failures of the gateway as RFC 9457 problems: one mapping, whatever failed. */
package dev.penstock.gateway.problem;
