/** Client of session-service: sessions, turns, the token log and leases over HTTP. */
package dev.penstock.gateway.store;
