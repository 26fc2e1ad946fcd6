/** The life of a service's process: start, run, drain, stop. */
package dev.penstock.kit.drain;
