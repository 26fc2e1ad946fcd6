/** How this service reaches PostgreSQL: bounded pools, transactions, roles, rows, failures. */
package dev.penstock.session.database;
