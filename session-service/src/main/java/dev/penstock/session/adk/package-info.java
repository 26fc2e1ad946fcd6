/** Sessions as clients of agents call and see them. */
package dev.penstock.session.adk;
