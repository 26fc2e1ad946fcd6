/**
 * {@code POST /generations}: one generation from its request to the last event, on the event loop
 * its connection came in on.
 */
package dev.penstock.proxy.relay;
