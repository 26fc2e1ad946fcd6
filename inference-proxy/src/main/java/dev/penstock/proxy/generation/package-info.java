/**
 * The domain: what the proxy asks of a model server and how a generation answers, whatever protocol
 * the server speaks.
 */
package dev.penstock.proxy.generation;
