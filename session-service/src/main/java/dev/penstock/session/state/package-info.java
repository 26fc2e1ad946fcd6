/** State beside a conversation, by scope: of one session, of one user's, of an app's. */
package dev.penstock.session.state;
