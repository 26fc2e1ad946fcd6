/** The meter registry of a process and the management port that shows it. */
package dev.penstock.kit.metrics;
