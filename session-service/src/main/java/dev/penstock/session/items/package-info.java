/** Single entries of a conversation: shown page by page, added and taken out outside of turns. */
package dev.penstock.session.items;
