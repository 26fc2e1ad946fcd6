/**
 * The client of the inference proxies: which proxy, one generation's event stream, which models.
 */
package dev.penstock.gateway.inference;
