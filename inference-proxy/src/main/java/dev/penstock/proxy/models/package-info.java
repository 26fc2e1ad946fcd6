/**
 * Which models there are, where they are installed and loaded, and what they can do. Lives on the
 * admission's context; {@code GET /models} and the probe are answered from here.
 */
package dev.penstock.proxy.models;
