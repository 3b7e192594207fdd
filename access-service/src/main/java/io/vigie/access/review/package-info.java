/**
 * Reviews of rights (R4.7, R6.3). A campaign asks, of each right in effect within its scope,
 * whether its holder still needs it: their manager, the owner of the entitlement, or one after the
 * other. Reviewers certify, reduce, revoke or delegate; nobody reviews their own, and silence never
 * approves: what nobody certified by the end of the grace is suspended until somebody does. What
 * takes something away is carried out in the transaction of the answer; a campaign ends once the
 * directory confirmed all of it.
 *
 * <p>Locks are taken in one order: people by id, rights by id, the campaign, its reviews. Who
 * suspends passes over what somebody else has locked.
 */
package io.vigie.access.review;
