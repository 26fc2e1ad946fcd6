/** Who we are to Vertex: the machine's identity, from the metadata server. */
package dev.penstock.proxy.vertex;
