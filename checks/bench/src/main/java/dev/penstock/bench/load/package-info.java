/** The load: many streams read by one event loop that finds tokens and times without parsing. */
package dev.penstock.bench.load;
