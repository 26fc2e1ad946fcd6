/**
 * The native API's edge (native-api.md): sessions, messages, models, agents, what clients send
 * checked and what they get rendered.
 */
package dev.penstock.gateway.nativeapi;
