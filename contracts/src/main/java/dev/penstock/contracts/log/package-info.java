/** The token log as services exchange it: rows, flushes, polls. */
package dev.penstock.contracts.log;
