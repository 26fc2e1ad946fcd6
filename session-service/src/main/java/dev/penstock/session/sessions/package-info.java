/** Sessions: create, show, list, change, delete, export. */
package dev.penstock.session.sessions;
