/** Which of several equal neighbours is asked first. */
package dev.penstock.gateway.routing;
