/** What callers may do and how much: API keys as the services tell each other of them. */
package dev.penstock.contracts.access;
