/**
 * What people may do with assets: a right is asked for with a reason, approved by somebody who
 * neither asked for it nor gets it (R4.6), and ends by revocation, by time, or with the departure
 * of its holder.
 *
 * <p>Locks are taken in one order, the person first and then rights by id. A request and an
 * approval share the person's row, a departure takes it alone; so each either comes before the
 * departure, which then finds and revokes the right, or after it, and is refused. A change of the
 * person takes it alone too, and changes no account that a right was asked for.
 */
package io.vigie.access.rights;
