/** What is measured of generations and embeddings, told in the proxy's own words. */
package dev.penstock.proxy.metrics;
