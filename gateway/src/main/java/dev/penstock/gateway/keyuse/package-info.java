/** Use by key and day: counted in memory, reported to session-service, shown to its tenant. */
package dev.penstock.gateway.keyuse;
