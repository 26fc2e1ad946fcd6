/** The messages of a session, as they are shown. */
package dev.penstock.session.messages;
