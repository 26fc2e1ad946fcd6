/** How much each caller may take: asked once when a request is accepted, settled when it ends. */
package dev.penstock.gateway.limits;
