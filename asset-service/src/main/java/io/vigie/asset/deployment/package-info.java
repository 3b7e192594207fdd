/**
 * What was put into service, where, from which commit, and who wrote and reviewed it (R11.3,
 * R11.16). CI jobs report it. A second person reviewed the code before, or, in an emergency that
 * has a reason, does so within a time that the policy sets. What was reported never changes; a
 * later outcome and a later review are added.
 *
 * <p>Authors and reviewers are accounts, told by the subject of their tokens and by nothing else: a
 * CI job that knows them by another name finds their {@code subject} at access-service. So no
 * handle or address is kept here, and a later reviewer can be held against the author.
 */
package io.vigie.asset.deployment;
