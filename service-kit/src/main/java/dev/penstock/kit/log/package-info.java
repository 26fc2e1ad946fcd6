/** How a line of log looks, and how it tells which request it is about. */
package dev.penstock.kit.log;
