/** Leases of instances: renewal, what it tells an owner, release, this process's own. */
package dev.penstock.session.leases;
