/** The spans of a service, its place in a trace on the wire, and their way to a collector. */
package dev.penstock.kit.trace;
