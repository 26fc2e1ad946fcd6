/** The database schema: its migrations and how they are run. */
package dev.penstock.session.schema;
