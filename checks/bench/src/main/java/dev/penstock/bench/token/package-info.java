/** The token the backend sends and the client reads: the time it was sent, as text. */
package dev.penstock.bench.token;
