/** Failures as RFC 9457 problems, rendered in one place. */
package dev.penstock.kit.problem;
