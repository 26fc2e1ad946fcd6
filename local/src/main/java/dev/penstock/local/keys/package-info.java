/** {@code ./penstock keys}: an operator makes, lists and revokes API keys. */
package dev.penstock.local.keys;
