/** Takes each line of isolation away in turn and shows that the next one holds. */
package dev.penstock.session.isolation;
