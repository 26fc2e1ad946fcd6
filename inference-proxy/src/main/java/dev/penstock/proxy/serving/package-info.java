/**
 * What the operator says is served where: upstreams, models and aliases, read from the shared file
 * or made from the environment, and checked before anything starts.
 */
package dev.penstock.proxy.serving;
