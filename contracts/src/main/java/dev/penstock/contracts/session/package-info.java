/** The records of session-service's internal routes: sessions, turns, messages, leases. */
package dev.penstock.contracts.session;
