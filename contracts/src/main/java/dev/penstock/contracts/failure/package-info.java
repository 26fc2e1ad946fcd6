/** Every way a request can go wrong that a caller is told about, as values. */
package dev.penstock.contracts.failure;
