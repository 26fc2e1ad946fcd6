/** What goes when its time is over: deleted sessions, old keys, dead instances. */
package dev.penstock.session.retention;
