/** What our hops cost beside nginx's: routes, rounds, and the table of their medians. */
package dev.penstock.bench.relay;
