/** Serves the chat page: its document at {@code /} and its files, named by their content. */
package dev.penstock.gateway.page;
