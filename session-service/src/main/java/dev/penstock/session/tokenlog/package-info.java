/** The token log: flushes, polls, the text of a turn read back, partitions made and dropped. */
package dev.penstock.session.tokenlog;
