/** The gateway: the public edge. Main, configuration, and the verticle that wires it together. */
package dev.penstock.gateway;
