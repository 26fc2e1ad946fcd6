/** What the routes share: callers, bodies, answers, cursors, failures as problems. */
package dev.penstock.session.http;
