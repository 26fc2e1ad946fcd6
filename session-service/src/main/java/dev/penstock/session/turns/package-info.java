/** The life of a stored turn: accept, finish, refusal, restart, cancel, and how it is shown. */
package dev.penstock.session.turns;
