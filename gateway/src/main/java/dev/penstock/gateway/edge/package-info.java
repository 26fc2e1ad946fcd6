/**
 * What every public request passes before and after its route: its id, who may ask from where,
 * known paths and methods, bodies and query parameters, and how a failure looks.
 */
package dev.penstock.gateway.edge;
