/** The processes that are measured: started, watched through /proc, and ended by their own id. */
package dev.penstock.bench.process;
