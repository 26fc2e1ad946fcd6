/** How the bench's programs read what they are called with. */
package dev.penstock.bench.command;
