/** inference-proxy: admission, routing and streaming from the model servers. Keeps no state. */
@org.jspecify.annotations.NullMarked
package dev.penstock.proxy;
